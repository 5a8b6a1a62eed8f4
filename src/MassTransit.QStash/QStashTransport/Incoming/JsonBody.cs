using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// A JSON body, parsed once. MassTransit's serializers make a JSON element of a body anyway, and the element holds the bytes too.
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

    /// <summary>Null when the body is not JSON, or has more bytes than the JSON value, such as white space around it.</summary>
    public static JsonBody? TryParse(string? contentType, ReadOnlySpan<byte> bytes)
    {
        if (!IsJson(contentType))
            return null;

        try
        {
            // Parsed into memory of its own, as the serializer would do, which reads the body twice.
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

    /// <summary>The bytes of a JSON body without a byte order mark. Some programs write one, and the parser does not accept it.</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    /// <summary>Whether a content type is that of JSON.</summary>
    public static bool IsJson(ReadOnlySpan<char> contentType)
    {
        var end = contentType.IndexOf(';');
        var mediaType = end < 0 ? contentType : contentType[..end];

        return mediaType.TrimEnd().EndsWith("json", StringComparison.OrdinalIgnoreCase);
    }
}
