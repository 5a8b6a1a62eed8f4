using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>A message that used up its retries, with the destination's last answer.</summary>
public sealed record QStashDeadLetter : QStashMessageInfo
{
    /// <summary>Id of the entry in the dead letter queue.</summary>
    public required string DlqId { get; init; }

    /// <summary>Status of the last answer; 0 when there was none.</summary>
    public int ResponseStatus { get; init; }

    /// <summary>Headers of the last answer; names ignore case.</summary>
    [JsonPropertyName("responseHeader"), JsonConverter(typeof(HeaderMapConverter))]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ResponseHeaders { get => field ?? HeaderMapConverter.Empty; init; }

    /// <summary>Body of the last answer.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> ResponseBody => ResponseBodyBase64.IsEmpty ? ResponseBodyText : ResponseBodyBase64;

    [JsonInclude, JsonPropertyName("responseBody"), JsonConverter(typeof(TextBodyConverter))]
    internal ReadOnlyMemory<byte> ResponseBodyText { get; init; }

    [JsonInclude]
    internal ReadOnlyMemory<byte> ResponseBodyBase64 { get; init; }
}
