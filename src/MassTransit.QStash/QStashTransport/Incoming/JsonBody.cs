using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// A body of JSON, parsed once: the element is what MassTransit's serializers make of a body anyway, and it holds the bytes too.
/// </summary>
[SuppressMessage("Naming", "CA1715", Justification = "MassTransit's bodies have no I.")]
sealed class JsonBody : MessageBody, JsonMessageBody
{
    readonly JsonElement _element;
    byte[]? _bytes;
    string? _text;

    JsonBody(JsonElement element) => _element = element;

    public long? Length => Raw.Length;

    ReadOnlySpan<byte> Raw => JsonMarshal.GetRawUtf8Value(_element);

    /// <summary>Null when the body is not of JSON, or says more than its JSON does, such as by white space around it.</summary>
    public static JsonBody? TryParse(string? contentType, ReadOnlySpan<byte> bytes)
    {
        if (!IsJson(contentType))
            return null;

        try
        {
            // Into memory of its own, as it would be by the serializer, which reads it twice.
            var body = new JsonBody(JsonElement.Parse(bytes, DocumentOptions(SystemTextJsonMessageSerializer.Options)));

            return body.Length == bytes.Length ? body : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public JsonElement? GetJsonElement(JsonSerializerOptions options) =>
        ReferenceEquals(options, SystemTextJsonMessageSerializer.Options)
            ? _element
            : JsonSerializer.Deserialize<JsonElement>(Raw, options);

    public byte[] GetBytes() => _bytes ??= Raw.ToArray();

    public Stream GetStream() => new MemoryStream(GetBytes());

    public string GetString() => _text ??= Encoding.UTF8.GetString(Raw);

    static JsonDocumentOptions DocumentOptions(JsonSerializerOptions options) => new()
    {
        AllowDuplicateProperties = options.AllowDuplicateProperties,
        AllowTrailingCommas = options.AllowTrailingCommas,
        CommentHandling = options.ReadCommentHandling,
        MaxDepth = options.MaxDepth,
    };

    /// <summary>The bytes of a body that is JSON, whose parser does not know the mark some programs put before a text.</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    /// <summary>Whether the type of a body says that it is JSON.</summary>
    public static bool IsJson(ReadOnlySpan<char> contentType)
    {
        var end = contentType.IndexOf(';');
        var mediaType = end < 0 ? contentType : contentType[..end];

        return mediaType.TrimEnd().EndsWith("json", StringComparison.OrdinalIgnoreCase);
    }
}
