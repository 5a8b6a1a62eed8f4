namespace QStash.Client;

/// <summary>Chooses log entries. Values of one member are alternatives; all members that are set must match.</summary>
public sealed class QStashLogFilter
{
    /// <summary>Ids of messages.</summary>
    public IReadOnlyList<string> MessageIds { get; init; } = [];

    /// <summary>State; <see cref="QStashMessageState.Unknown"/> is refused.</summary>
    public QStashMessageState? State { get; init; }

    /// <summary>Complete destination URLs.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Names of URL groups.</summary>
    public IReadOnlyList<string> UrlGroups { get; init; } = [];

    /// <summary>Schedules that created the message.</summary>
    public IReadOnlyList<string> ScheduleIds { get; init; } = [];

    /// <summary>Names of queues.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Flow control keys.</summary>
    public IReadOnlyList<string> FlowControlKeys { get; init; } = [];

    /// <summary>Earliest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Latest time, inclusive, in milliseconds.</summary>
    public DateTimeOffset? To { get; init; }
}
