using System.Globalization;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The schedule that made a message, as the message describes it.
/// </summary>
/// <param name="Id">The id. On QStash the schedule may be one part of it, for one URL group.</param>
/// <param name="Owner">The service, and the bus, that made the schedule.</param>
/// <param name="StartTime">No messages before this time; null for no start.</param>
/// <param name="EndTime">No messages after this time; null for no end.</param>
sealed record MessageSchedule(string Id, string Owner, DateTimeOffset? StartTime, DateTimeOffset? EndTime)
{
    /// <summary>
    /// The label that identifies the schedule of the message at QStash, because a later schedule with the same id may continue. Null when
    /// the schedule has no end.
    /// </summary>
    public string? Label =>
        EndTime is null ? null : "mt-ends."
            + TextHash.Short(string.Create(CultureInfo.InvariantCulture, $"{Id}\n{Owner}\n{StartTime:O}\n{EndTime:O}"));
}
