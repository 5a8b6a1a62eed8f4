using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>An event in the life of a message. QStash omits members that are not set.</summary>
public sealed record QStashLogEntry
{
    /// <summary>Id of the message.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it happened.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? Time { get; init; }

    /// <summary>What happened.</summary>
    [JsonConverter(typeof(WordConverter<QStashMessageState>))]
    public QStashMessageState State { get; init; }

    /// <summary>Destination.</summary>
    public string? Url { get; init; }

    /// <summary>HTTP method of the delivery.</summary>
    public string? Method { get; init; }

    /// <summary>Headers of the delivery; names ignore case.</summary>
    [JsonPropertyName("header"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>The body; the UTF-8 bytes of <c>REDACTED:&lt;sha256&gt;</c> when it is redacted.</summary>
    [JsonConverter(typeof(Base64BodyConverter))]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Why the attempt failed.</summary>
    public string? Error { get; init; }

    /// <summary>When the next attempt is due.</summary>
    [JsonPropertyName("nextDeliveryTime"), JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? NextDelivery { get; init; }

    /// <summary>URL group.</summary>
    [JsonPropertyName("topicName")]
    public string? UrlGroup { get; init; }

    /// <summary>Name of the endpoint in the URL group.</summary>
    public string? EndpointName { get; init; }

    /// <summary>Schedule that created the message.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>Queue of the message.</summary>
    [JsonPropertyName("queueName")]
    public string? Queue { get; init; }

    /// <summary>Status of the destination's answer.</summary>
    public int? ResponseStatus { get; init; }

    /// <summary>Body of the destination's answer.</summary>
    [JsonConverter(typeof(Base64BodyConverter))]
    public ReadOnlyMemory<byte> ResponseBody { get; init; }

    /// <summary>Headers of the destination's answer; names ignore case.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResponseHeaders =>
        ResponseHeadersPlural ?? ResponseHeader ?? HeaderMapConverter.Empty;

    /// <summary>Longest time an attempt may take.</summary>
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Timeout { get; init; }

    /// <summary>Retries after the first attempt.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Expression for the milliseconds between attempts.</summary>
    [JsonIgnore]
    public string? RetryDelayExpression => RetryDelayExpressionLong ?? RetryDelayExpr;

    /// <summary>Callback URL.</summary>
    public string? Callback { get; init; }

    /// <summary>Failure callback URL.</summary>
    public string? FailureCallback { get; init; }

    /// <summary>Labels.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Labels => LabelList ?? (Label is { Length: > 0 } ? [Label] : []);

    /// <summary>Flow control key.</summary>
    public string? FlowControlKey { get; init; }

    // QStash uses both names.
    [JsonInclude, JsonPropertyName("responseHeaders"), JsonConverter(typeof(HeaderMapConverter))]
    internal IReadOnlyDictionary<string, IReadOnlyList<string>>? ResponseHeadersPlural { get; init; }

    [JsonInclude, JsonConverter(typeof(HeaderMapConverter))]
    internal IReadOnlyDictionary<string, IReadOnlyList<string>>? ResponseHeader { get; init; }

    [JsonInclude, JsonPropertyName("retryDelayExpression")]
    internal string? RetryDelayExpressionLong { get; init; }

    [JsonInclude]
    internal string? RetryDelayExpr { get; init; }

    [JsonInclude]
    internal string? Label { get; init; }

    [JsonInclude, JsonPropertyName("labels")]
    internal IReadOnlyList<string>? LabelList { get; init; }
}
