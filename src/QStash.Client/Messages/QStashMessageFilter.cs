namespace QStash.Client;

/// <summary>
/// Chooses the messages to cancel. Values of one member are alternatives; all members that are set must match.
/// </summary>
public sealed class QStashMessageFilter
{
    /// <summary>Exact ids. Cannot be combined with other members: QStash would ignore those.</summary>
    public IReadOnlyList<string> MessageIds { get; init; } = [];

    /// <summary>Names of URL groups.</summary>
    public IReadOnlyList<string> UrlGroups { get; init; } = [];

    /// <summary>Names of queues.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Complete destination URLs.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Hosts of destinations.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Paths of destinations.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Flow control keys.</summary>
    public IReadOnlyList<string> FlowControlKeys { get; init; } = [];

    /// <summary>Schedules that created the message.</summary>
    public IReadOnlyList<string> ScheduleIds { get; init; } = [];

    /// <summary>IP addresses of publishers.</summary>
    public IReadOnlyList<string> CallerIps { get; init; } = [];

    /// <summary>Earliest creation time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Latest creation time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? To { get; init; }
}
