using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// When a message recurs, in QStash's terms.
/// </summary>
/// <param name="ScheduleId">The id on QStash; see <see cref="RecurringScheduleId"/>.</param>
/// <param name="Cron">The expression, with <c>CRON_TZ=</c> in front unless it is in UTC.</param>
sealed record Recurrence(string ScheduleId, string Cron)
{
    /// <summary>What to warn of when the schedule is written; null if there is nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>No ticks before; null when it has begun.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>No ticks after.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>
    /// For a schedule that is declared with the bus: those QStash has, to write only if it differs. Null writes it in any case.
    /// </summary>
    public IReadOnlyList<QStashSchedule>? Deployed { get; init; }

    /// <summary>
    /// What earlier attempts to deploy it have come to, and this one adds to: its destinations in order, and the label of what is
    /// there. Null is a URL group for which QStash takes no schedule yet, since nobody subscribes to it.
    /// </summary>
    public OrderedDictionary<string, string?> Parts { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The same as the message tells it.</summary>
    public MessageSchedule ToMessageSchedule(string owner) => new(ScheduleId, owner, StartTime, EndTime);

    /// <summary>Why there is no start and no end for messages to a URL.</summary>
    public static string DescribeNoEndpoint(Uri url) =>
        $"StartTime and EndTime are kept by the receive endpoint, since QStash has neither, and nothing says that "
            + $"'{PublicAddress.Show(url)}' is one. "
        + "Leave them out, or if it is an endpoint of another service on this transport, name it with h.Route(name, url)";
}
