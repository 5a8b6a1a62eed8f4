using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// When a message recurs, in the form that QStash takes.
/// </summary>
/// <param name="ScheduleId">The id on QStash; see <see cref="RecurringScheduleId"/>.</param>
/// <param name="Cron">The expression, with <c>CRON_TZ=</c> in front unless it is in UTC.</param>
sealed record Recurrence(string ScheduleId, string Cron)
{
    /// <summary>The warning to log when the schedule is written; null if there is none.</summary>
    public string? Warning { get; init; }

    /// <summary>No message before this time; null when it has passed.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>No message after this time; null for no end.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>
    /// For a schedule that is declared with the bus: the schedules that QStash has, so that it is written only if it differs. Null writes
    /// it in any case.
    /// </summary>
    public IReadOnlyList<QStashSchedule>? Deployed { get; init; }

    /// <summary>
    /// The results of earlier attempts to deploy it, which this attempt adds to: its destinations in order, each with the label of its
    /// schedule at QStash. The label is null for a URL group without subscribers, for which QStash accepts no schedule yet.
    /// </summary>
    public OrderedDictionary<string, string?> Parts { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The recurrence in the form in which the message carries it.</summary>
    public MessageSchedule ToMessageSchedule(string owner) => new(ScheduleId, owner, StartTime, EndTime);

    /// <summary>Explains why a schedule for a URL can have no start and no end.</summary>
    public static string DescribeNoEndpoint(Uri url) =>
        $"StartTime and EndTime are kept by the receive endpoint, since QStash has neither, and nothing says that "
            + $"'{PublicAddress.Show(url)}' is one. "
        + "Leave them out, or if it is an endpoint of another service on this transport, name it with h.Route(name, url)";
}
