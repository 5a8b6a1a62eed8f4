using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Outgoing;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// A declared schedule, without its message type.
/// </summary>
interface IScheduleDeclaration
{
    string Id { get; }

    /// <summary>Whether it says in which time zone it is.</summary>
    bool HasTimeZone { get; }

    /// <summary>Says what is wrong with it, or null.</summary>
    string? Check(KnownAddresses addresses, bool hasDirectory, TimeProvider time);

    Recurrence CreateRecurrence(string group, TimeProvider time);

    Task Deploy(IBus bus, Recurrence recurrence, CancellationToken cancellationToken);
}
