using System.Text.Json.Serialization;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

/// <summary>
/// What a publisher asked for, independent of how it asked: publish, enqueue, batch and callbacks all end here.
/// Immutable, and shared by the messages of one publish to a URL group.
/// </summary>
sealed record MessageSpec
{
    /// <summary>What applies when the publisher says nothing (contract 3.1).</summary>
    public static MessageSpec Default { get; } = new();

    public string Method { get; init; } = "POST";

    /// <remarks>Stored apart from the rest.</remarks>
    [JsonIgnore]
    public byte[] Body { get; init; } = [];

    /// <summary>The headers the destination gets, by canonical name.</summary>
    public IReadOnlyDictionary<string, string[]> Headers { get; init; } = HeaderList.Empty;

    public int Retries { get; init; } = 3;

    public RetryDelayExpression? RetryDelay { get; init; }

    /// <summary>Milliseconds.</summary>
    public long Delay { get; init; }

    /// <summary>Unix milliseconds; wins over <see cref="Delay"/> (check 36).</summary>
    public long? NotBefore { get; init; }

    /// <summary>The longest an attempt may take; the plan's maximum when absent.</summary>
    public TimeSpan? Timeout { get; init; }

    public CallbackSpec? Callback { get; init; }

    public CallbackSpec? FailureCallback { get; init; }

    public string? DeduplicationId { get; init; }

    public bool ContentBasedDeduplication { get; init; }

    public string[] Labels { get; init; } = [];

    /// <summary>What the delivery has to wait for.</summary>
    public FlowControlSpec? FlowControl { get; init; }

    public string CallerIp { get; init; } = "";

    /// <summary>The schedule the message comes from.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>What the API may not show.</summary>
    public Redaction? Redaction { get; init; }

    /// <summary>The spec as the API may show it.</summary>
    [JsonIgnore]
    public MessageSpec Redacted => Redaction?.Apply(this) ?? this;
}
