namespace QStash.Client;

/// <summary>
/// Chooses dead letters. Values of one member are alternatives; all members that are set must match.
/// </summary>
public sealed class QStashDeadLetterFilter
{
    /// <summary>Exact ids of entries. Cannot be combined with other members: QStash would ignore those.</summary>
    public IReadOnlyList<string> DlqIds { get; init; } = [];

    /// <summary>Id of the failed message.</summary>
    public string? MessageId { get; init; }

    /// <summary>Complete destination URLs.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Names of URL groups.</summary>
    public IReadOnlyList<string> UrlGroups { get; init; } = [];

    /// <summary>Schedules that created the message.</summary>
    public IReadOnlyList<string> ScheduleIds { get; init; } = [];

    /// <summary>Names of queues.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>IP addresses of publishers.</summary>
    public IReadOnlyList<string> CallerIps { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Flow control keys.</summary>
    public IReadOnlyList<string> FlowControlKeys { get; init; } = [];

    /// <summary>Statuses of the last answer; 0 for none.</summary>
    public IReadOnlyList<int> ResponseStatuses { get; init; } = [];

    /// <summary>Earliest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Latest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? To { get; init; }
}
