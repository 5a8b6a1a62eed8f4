using System.Buffers;
using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using MassTransit.Logging;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// MassTransit's transport headers, as one HTTP header with a JSON object of strings. A message as plain JSON has separate HTTP headers
/// instead.
/// </summary>
/// <remarks>
/// Separate headers would not survive: QStash changes the case of names, on which MassTransit relies, and HTTP allows only visible ASCII in
/// values. System.Text.Json's default encoder writes only ASCII.
/// </remarks>
static class TransportHeaders
{
    public const string HeaderName = "MassTransit-Headers";

    // The expiration is a header because it is checked before the body is read, and raw JSON has no other place for it. Raw serializers do
    // not pass "MT-" headers on.
    const string ExpirationTime = "MT-Expiration-Time";

    // An envelope contains all headers itself. The receiver needs these before it reads the envelope, to continue the trace.
    static readonly string[] TraceHeaders =
        [DiagnosticHeaders.ActivityId, DiagnosticHeaders.ActivityCorrelationContext, DiagnosticHeaders.ActivityPropagation];

    // MassTransit's header names for values that an envelope has members for.
    static readonly HashSet<string> NamesOfMassTransit = new(StringComparer.OrdinalIgnoreCase)
    {
        MessageHeaders.MessageId,
        MessageHeaders.CorrelationId,
        MessageHeaders.ConversationId,
        MessageHeaders.RequestId,
        MessageHeaders.InitiatorId,
        MessageHeaders.SourceAddress,
        MessageHeaders.ResponseAddress,
        MessageHeaders.FaultAddress,
        MessageHeaders.MessageType,
        MessageHeaders.TransportMessageId,
    };

    // Each send writes headers, so a thread keeps what it writes them with.
    [ThreadStatic]
    static ArrayBufferWriter<byte>? _json;

    [ThreadStatic]
    static Utf8JsonWriter? _writer;

    // The values are strings, because MassTransit's adapter makes them so.
    public static string Write(Dictionary<string, object> headers)
    {
        var json = _json ??= new ArrayBufferWriter<byte>();
        var writer = _writer ??= new Utf8JsonWriter(json);
        json.ResetWrittenCount();
        writer.Reset();

        writer.WriteStartObject();
        foreach (var (name, value) in headers)
            writer.WriteString(name, (string)value);
        writer.WriteEndObject();
        writer.Flush();

        return Encoding.ASCII.GetString(json.WrittenSpan);
    }

    /// <summary>
    /// Reads the result of <see cref="Write"/>; null when there is none. Anybody with the token may have sent any other text, which counts
    /// as no headers.
    /// </summary>
    public static IHeaderProvider? Decode(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return null;

        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(header.Length));
        try
        {
            return new DictionaryHeaderProvider(Parse(buffer.AsSpan(0, Encoding.UTF8.GetBytes(header, buffer))));
        }
        // InvalidOperationException comes for half a surrogate pair.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new DictionaryHeaderProvider();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static Dictionary<string, object> Parse(ReadOnlySpan<byte> json)
    {
        var headers = new Dictionary<string, object>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);

        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;

            reader.Read();
            headers[name] = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException();
        }

        // Throws if any text follows.
        reader.Read();

        return headers;
    }

    public static DateTimeOffset? GetExpirationTime(IHeaderProvider headers) => GetTime(headers, ExpirationTime);

    /// <summary>
    /// Whether MassTransit decides something by the header, such as whether it has seen the message or where to send the response. Outside
    /// of the body such a header counts only with a proof.
    /// </summary>
    public static bool IsTrusted(string header) => NamesOfMassTransit.Contains(header)
        || (header.StartsWith("MT-", StringComparison.OrdinalIgnoreCase) && !IsTrace(header) && header != ExpirationTime);

    /// <summary>Whether the header belongs to the trace of one send.</summary>
    public static bool IsTrace(string header) => TraceHeaders.Contains(header);

    // MassTransit's adapter writes numbers and times in the culture of the process, and the receiver may have another one.
    public static HeaderValue Neutral(HeaderValue header) => header.Value is IFormattable value and ValueType and not bool
        ? new(header.Key, value.ToString(value is DateTime or DateTimeOffset ? "O" : null, CultureInfo.InvariantCulture))
        : header;

    /// <summary>Sets the time until which the message is worth consuming.</summary>
    public static void SetExpirationTime(Dictionary<string, object> headers, DateTimeOffset time) => headers[ExpirationTime] = Text(time);

    static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    static DateTimeOffset? GetTime(IHeaderProvider headers, string name) =>
        headers.TryGetHeader(name, out var value)
        && DateTimeOffset.TryParseExact(value as string, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;

    public static bool IsOfMassTransit(string header) => header.StartsWith("MT-", StringComparison.Ordinal)
        || header is MessageHeaders.ContentType or MessageHeaders.MessageId or MessageHeaders.CorrelationId
            or MessageHeaders.ConversationId or MessageHeaders.RequestId;

    /// <summary>Whether the body is MassTransit's envelope, which contains all headers itself.</summary>
    public static bool IsEnvelope(ContentType? contentType) => IsEnvelope(contentType?.MediaType);

    public static bool IsEncrypted(string? mediaType) =>
        IsEnvelope(mediaType) && mediaType!.EndsWith("+aes", StringComparison.OrdinalIgnoreCase);

    public static bool IsEnvelope(string? mediaType) =>
        mediaType?.StartsWith("application/vnd.masstransit", StringComparison.OrdinalIgnoreCase) == true;
}
