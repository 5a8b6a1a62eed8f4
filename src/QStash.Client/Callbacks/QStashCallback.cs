using System.Text.Json;
using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>
/// The content of a callback or a failure callback: how an attempt to deliver its source message ended. A callback is delivered like a
/// message: verify its signature before reading it.
/// </summary>
public sealed record QStashCallback
{
    /// <summary>Status of the answer; 0 when there was none.</summary>
    public int Status { get; init; }

    /// <summary>Headers of the answer; names ignore case.</summary>
    [JsonPropertyName("header"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResponseHeaders { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>Body of the answer; QStash may have cut it to the plan's message size.</summary>
    [JsonPropertyName("body"), JsonConverter(typeof(Base64BodyConverter))]
    public ReadOnlyMemory<byte> ResponseBody { get; init; }

    /// <summary>Retries before this attempt: 0 for the first one.</summary>
    public int Retried { get; init; }

    /// <summary>Retries after the first attempt.</summary>
    public int MaxRetries { get; init; }

    /// <summary>Id in the dead letter queue; only a failure callback has one.</summary>
    public string? DlqId { get; init; }

    /// <summary>Id of the source message.</summary>
    public required string SourceMessageId { get; init; }

    /// <summary>URL group the source message was published to.</summary>
    [JsonPropertyName("topicName")]
    public string? UrlGroup { get; init; }

    /// <summary>Name of the endpoint in the URL group.</summary>
    public string? EndpointName { get; init; }

    /// <summary>Destination of the source message.</summary>
    public string? Url { get; init; }

    /// <summary>HTTP method of the delivery.</summary>
    public string? Method { get; init; }

    /// <summary>Headers of the source message; names ignore case.</summary>
    [JsonPropertyName("sourceHeader"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> SourceHeaders { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>Body of the source message.</summary>
    [JsonConverter(typeof(Base64BodyConverter))]
    public ReadOnlyMemory<byte> SourceBody { get; init; }

    /// <summary>Earliest time of the source message's delivery.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Time of the source message's publish.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Schedule that created the source message.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>IP address of the publisher.</summary>
    public string? CallerIp { get; init; }

    /// <summary>Whether the attempt succeeded. A callback comes after every attempt, so a failed one may be followed by others.</summary>
    [JsonIgnore]
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>
    /// Reads the body of a callback. Numbers may be texts, headers may be single values, and missing members get their defaults.
    /// </summary>
    /// <exception cref="JsonException">The body is not that of a callback.</exception>
    public static QStashCallback Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, CallbackJson.Default.QStashCallback)
        ?? throw new JsonException("The body of a callback was expected.");
}
