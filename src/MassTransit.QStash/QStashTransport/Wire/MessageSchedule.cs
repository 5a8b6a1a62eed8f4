using System.Globalization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// What a message says of the schedule that made it.
/// </summary>
/// <param name="Id">The id; on QStash the schedule may be a part of it, for one URL group.</param>
/// <param name="Owner">The service, and the bus, that made the schedule.</param>
/// <param name="StartTime">No messages before.</param>
/// <param name="EndTime">No messages after.</param>
sealed record MessageSchedule(string Id, string Owner, DateTimeOffset? StartTime, DateTimeOffset? EndTime)
{
    /// <summary>
    /// By which a schedule on QStash is known as the one that the message speaks of: under the same id there may be a later one that
    /// goes on. Null when it never ends.
    /// </summary>
    public string? Label =>
        EndTime is null ? null : "mt-ends."
            + TextHash.Short(string.Create(CultureInfo.InvariantCulture, $"{Id}\n{Owner}\n{StartTime:O}\n{EndTime:O}"));
}
