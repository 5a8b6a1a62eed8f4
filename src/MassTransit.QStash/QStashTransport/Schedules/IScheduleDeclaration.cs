using MassTransit.QStashTransport.Configuration;
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
    string? Check(QStashHostConfiguration hostConfiguration);

    Recurrence CreateRecurrence(string group, QStashHostConfiguration hostConfiguration);

    Task Deploy(IBus bus, Recurrence recurrence, CancellationToken cancellationToken);
}
