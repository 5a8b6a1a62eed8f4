using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

/// <summary>
/// Options that few publishers use. They are separate from <see cref="MessageSpec"/>, so that a million messages without them share one
/// object.
/// </summary>
sealed record RareOptions
{
    public static RareOptions None { get; } = new();

    public RetryDelayExpression? RetryDelay { get; init; }

    public long? NotBefore { get; init; }

    public TimeSpan? Timeout { get; init; }

    public CallbackSpec? Callback { get; init; }

    public CallbackSpec? FailureCallback { get; init; }

    public bool ContentBasedDeduplication { get; init; }

    public FlowControlSpec? FlowControl { get; init; }

    public string? ScheduleId { get; init; }

    public Redaction? Redaction { get; init; }
}
