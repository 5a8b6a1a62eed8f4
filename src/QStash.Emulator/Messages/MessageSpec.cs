using System.Text.Json.Serialization;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

/// <summary>
/// The request of a publisher. Publish, enqueue, batch, schedules and callbacks all create one. It never changes, and all messages of one
/// publish to a URL group share it.
/// </summary>
sealed record MessageSpec
{
    /// <summary>The defaults for everything that the publisher does not set.</summary>
    public static MessageSpec Default { get; } = new();

    public string Method { get; init; } = "POST";

    /// <remarks>The data file stores it in a column of its own.</remarks>
    [JsonIgnore]
    public byte[] Body { get; init; } = [];

    /// <summary>The headers the destination gets, by canonical name.</summary>
    public HeaderList Headers { get; init; } = HeaderList.Empty;

    public int Retries { get; init; } = 3;

    public RetryDelayExpression? RetryDelay
    {
        get => Rare.RetryDelay;
        init => Rare = value == Rare.RetryDelay ? Rare : Rare with { RetryDelay = value };
    }

    /// <summary>Milliseconds.</summary>
    public long Delay { get; init; }

    /// <summary>Unix milliseconds; wins over <see cref="Delay"/>.</summary>
    public long? NotBefore
    {
        get => Rare.NotBefore;
        init => Rare = value == Rare.NotBefore ? Rare : Rare with { NotBefore = value };
    }

    /// <summary>The longest an attempt may take; the plan's maximum when absent.</summary>
    public TimeSpan? Timeout
    {
        get => Rare.Timeout;
        init => Rare = value == Rare.Timeout ? Rare : Rare with { Timeout = value };
    }

    public CallbackSpec? Callback
    {
        get => Rare.Callback;
        init => Rare = value == Rare.Callback ? Rare : Rare with { Callback = value };
    }

    public CallbackSpec? FailureCallback
    {
        get => Rare.FailureCallback;
        init => Rare = value == Rare.FailureCallback ? Rare : Rare with { FailureCallback = value };
    }

    public string? DeduplicationId { get; init; }

    public bool ContentBasedDeduplication
    {
        get => Rare.ContentBasedDeduplication;
        init => Rare = value == Rare.ContentBasedDeduplication ? Rare : Rare with { ContentBasedDeduplication = value };
    }

    public string[] Labels { get; init; } = [];

    /// <summary>The flow control key and limits that the delivery has to wait for.</summary>
    public FlowControlSpec? FlowControl
    {
        get => Rare.FlowControl;
        init => Rare = value == Rare.FlowControl ? Rare : Rare with { FlowControl = value };
    }

    public string CallerIp { get; init; } = "";

    /// <summary>The schedule the message comes from.</summary>
    public string? ScheduleId
    {
        get => Rare.ScheduleId;
        init => Rare = value == Rare.ScheduleId ? Rare : Rare with { ScheduleId = value };
    }

    /// <summary>The parts that the API must not show.</summary>
    public Redaction? Redaction
    {
        get => Rare.Redaction;
        init => Rare = value == Rare.Redaction ? Rare : Rare with { Redaction = value };
    }

    [JsonIgnore]
    RareOptions Rare { get; init; } = RareOptions.None;

    /// <summary>The spec as the API may show it.</summary>
    [JsonIgnore]
    public MessageSpec Redacted => Redaction?.Apply(this) ?? this;
}
