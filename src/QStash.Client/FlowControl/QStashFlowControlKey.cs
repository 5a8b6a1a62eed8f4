using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>State of a flow control key. Members QStash omits are zero, false or <see langword="null"/>.</summary>
public sealed record QStashFlowControlKey
{
    /// <summary>The key.</summary>
    [JsonPropertyName("flowControlKey")]
    public required string Key { get; init; }

    /// <summary>Messages that wait for the limits.</summary>
    public long WaitListSize { get; init; }

    /// <summary>Allowed attempts in flight.</summary>
    public int? ParallelismMax { get; init; }

    /// <summary>Attempts in flight.</summary>
    public int ParallelismCount { get; init; }

    /// <summary>Allowed deliveries per <see cref="RatePeriod"/>.</summary>
    public int? RateMax { get; init; }

    /// <summary>Deliveries in the running period.</summary>
    public int RateCount { get; init; }

    /// <summary>Length of the period.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? RatePeriod { get; init; }

    /// <summary>Start of the running period.</summary>
    [JsonConverter(typeof(UnixSecondsConverter))]
    public DateTimeOffset? RatePeriodStart { get; init; }

    /// <summary>Whether messages cannot change the parallelism.</summary>
    public bool IsPinnedParallelism { get; init; }

    /// <summary>Whether messages cannot change the rate.</summary>
    public bool IsPinnedRate { get; init; }

    /// <summary>Whether deliveries are paused.</summary>
    public bool IsPaused { get; init; }
}
