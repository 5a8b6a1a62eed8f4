using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Outgoing;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// A declared schedule, without its message type.
/// </summary>
interface IScheduleDeclaration
{
    string Id { get; }

    /// <summary>Whether the declaration names a time zone.</summary>
    bool HasTimeZone { get; }

    /// <summary>Tells what is wrong with the declaration; null if it is fine.</summary>
    string? Check(KnownAddresses addresses, bool hasDirectory, TimeProvider time);

    Recurrence CreateRecurrence(string group, TimeProvider time);

    Task Deploy(IBus bus, Recurrence recurrence, CancellationToken cancellationToken);
}
