using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>A message as QStash stores it. QStash omits members that are not set.</summary>
public record QStashMessageInfo
{
    /// <summary>Id of the message.</summary>
    public required string MessageId { get; init; }

    /// <summary>Destination, exactly as published.</summary>
    public string? Url { get; init; }

    /// <summary>URL group the message was published to.</summary>
    [JsonPropertyName("topicName")]
    public string? UrlGroup { get; init; }

    /// <summary>Name of the endpoint in the URL group.</summary>
    public string? EndpointName { get; init; }

    /// <summary>HTTP method of the delivery.</summary>
    public string? Method { get; init; }

    /// <summary>Headers of the delivery; names ignore case.</summary>
    [JsonPropertyName("header"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>Headers of the callback's delivery; names ignore case.</summary>
    [JsonPropertyName("callbackHeader"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> CallbackHeaders { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>Headers of the failure callback's delivery; names ignore case.</summary>
    [JsonPropertyName("failureCallbackHeader"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FailureCallbackHeaders { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>The body; the UTF-8 bytes of <c>REDACTED:&lt;sha256&gt;</c> when it is redacted.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body => BodyBase64.IsEmpty ? BodyText : BodyBase64;

    /// <summary>Retries after the first attempt.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Expression for the milliseconds between attempts.</summary>
    public string? RetryDelayExpression { get; init; }

    /// <summary>Earliest time of the delivery.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Time of the publish.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Callback URL.</summary>
    public string? Callback { get; init; }

    /// <summary>Failure callback URL.</summary>
    public string? FailureCallback { get; init; }

    /// <summary>Queue it waits in.</summary>
    [JsonPropertyName("queueName")]
    public string? Queue { get; init; }

    /// <summary>Schedule that created it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>IP address of the publisher.</summary>
    public string? CallerIp { get; init; }

    /// <summary>Labels.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Labels => LabelList ?? (Label is { Length: > 0 } ? [Label] : []);

    /// <summary>Flow control key.</summary>
    public string? FlowControlKey { get; init; }

    /// <summary>Deliveries per <see cref="Period"/>.</summary>
    public int? Rate { get; init; }

    /// <summary>Period of <see cref="Rate"/>. QStash reports one second when only a parallelism was given.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Period { get; init; }

    /// <summary>Attempts in flight at the same time.</summary>
    public int? Parallelism { get; init; }

    // The server uses "body" for valid UTF-8, and the Base64 member for other bytes.
    [JsonInclude, JsonPropertyName("body"), JsonConverter(typeof(TextBodyConverter))]
    internal ReadOnlyMemory<byte> BodyText { get; init; }

    [JsonInclude]
    internal ReadOnlyMemory<byte> BodyBase64 { get; init; }

    // "label" is the deprecated form and holds the first label only.
    [JsonInclude]
    internal string? Label { get; init; }

    [JsonInclude, JsonPropertyName("labels")]
    internal IReadOnlyList<string>? LabelList { get; init; }
}
