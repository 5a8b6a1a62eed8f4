using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>A schedule as QStash stores it. QStash omits members that are not set.</summary>
public sealed record QStashSchedule
{
    /// <summary>Id of the schedule.</summary>
    public required string ScheduleId { get; init; }

    /// <summary>Cron expression with its <c>CRON_TZ=</c> prefix, if any.</summary>
    public string? Cron { get; init; }

    /// <summary>URL or URL group.</summary>
    public string? Destination { get; init; }

    /// <summary>HTTP method of the deliveries.</summary>
    public string? Method { get; init; }

    /// <summary>Headers of the deliveries; names ignore case.</summary>
    [JsonPropertyName("header"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>The body; the UTF-8 bytes of <c>REDACTED:&lt;sha256&gt;</c> when it is redacted.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body => BodyBase64.IsEmpty ? BodyText : BodyBase64;

    /// <summary>Retries after the first attempt.</summary>
    public int? Retries { get; init; }

    /// <summary>Expression for the milliseconds between attempts.</summary>
    public string? RetryDelayExpression { get; init; }

    /// <summary>Delay of each message.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Delay { get; init; }

    /// <summary>Callback URL.</summary>
    public string? Callback { get; init; }

    /// <summary>Failure callback URL.</summary>
    public string? FailureCallback { get; init; }

    /// <summary>IP address of the creator.</summary>
    public string? CallerIp { get; init; }

    /// <summary>Whether the schedule is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Queue the messages go through.</summary>
    [JsonPropertyName("queueName")]
    public string? Queue { get; init; }

    /// <summary>Flow control key.</summary>
    public string? FlowControlKey { get; init; }

    /// <summary>Attempts in flight at the same time.</summary>
    public int? Parallelism { get; init; }

    /// <summary>Deliveries per <see cref="Period"/>.</summary>
    public int? Rate { get; init; }

    /// <summary>Period of <see cref="Rate"/>.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Period { get; init; }

    /// <summary>Labels.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Labels => LabelList ?? (Label is { Length: > 0 } ? [Label] : []);

    /// <summary>Time of creation.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Time of the latest trigger.</summary>
    [JsonPropertyName("lastScheduleTime"), JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>Time of the next trigger.</summary>
    [JsonPropertyName("nextScheduleTime"), JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>Outcome of the latest trigger by message id: <c>IN_PROGRESS</c>, <c>SUCCESS</c> or <c>FAIL</c>.</summary>
    [JsonPropertyName("lastScheduleStates")]
    public IReadOnlyDictionary<string, string> LastRunStates { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>Why the schedule could not fire.</summary>
    public string? Error { get; init; }

    [JsonInclude, JsonPropertyName("body"), JsonConverter(typeof(TextBodyConverter))]
    internal ReadOnlyMemory<byte> BodyText { get; init; }

    [JsonInclude]
    internal ReadOnlyMemory<byte> BodyBase64 { get; init; }

    [JsonInclude]
    internal string? Label { get; init; }

    [JsonInclude, JsonPropertyName("labels")]
    internal IReadOnlyList<string>? LabelList { get; init; }
}
