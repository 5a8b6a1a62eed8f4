using System.Buffers;
using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using MassTransit.Logging;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// MassTransit's transport headers, as one HTTP header that holds a JSON object of strings. Plain JSON has HTTP headers instead.
/// </summary>
/// <remarks>
/// As headers of their own they would not survive: QStash changes the case of names (contract 3.6), on which MassTransit
/// relies, and HTTP allows only visible ASCII in values. System.Text.Json's default encoder writes nothing but ASCII.
/// </remarks>
static class TransportHeaders
{
    public const string HeaderName = "MassTransit-Headers";

    // Checked before the body is opened, and the only place where raw JSON can have it. Raw serializers keep "MT-" to themselves.
    const string ExpirationTime = "MT-Expiration-Time";

    // An envelope carries all headers itself. The receiver needs these before it opens it: the trace to continue.
    static readonly string[] TraceHeaders =
        [DiagnosticHeaders.ActivityId, DiagnosticHeaders.ActivityCorrelationContext, DiagnosticHeaders.ActivityPropagation];

    // How MassTransit calls what an envelope has members for.
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

    /// <summary>
    /// The HTTP headers of a message whose body has been serialized already: raw serializers add theirs while they do.
    /// </summary>
    /// <param name="context">The send.</param>
    /// <param name="recurs">Whether a schedule is to make the message.</param>
    /// <param name="now">The time of the send.</param>
    /// <param name="body">The body, for a proof of the headers where it does not have them itself.</param>
    /// <param name="proof">Makes the proof.</param>
    public static IReadOnlyDictionary<string, string> Encode(QStashSendContext context, bool recurs, DateTimeOffset now, ReadOnlyMemory<byte> body, AccountProof proof)
    {
        var own = new List<HeaderValue>();

        foreach (var header in context.Headers)
        {
            // What comes of a schedule is a message of its own each time, with an id and a trace of its own.
            if (!recurs || !IsTrace(header.Key))
                own.Add(header);
        }

        // Made anew each time it is asked for.
        var mediaType = context.ContentType?.MediaType;

        Dictionary<string, string> headers = IsPlainJson(context, mediaType, own)
            ? EncodePlain(own)
            : new() { [HeaderName] = EncodeAll(context, mediaType, own, recurs, now) };

        if (!IsEnvelope(mediaType) && headers.TryGetValue(HeaderName, out var packed))
            headers[AccountProof.HeaderName] = proof.Create(AccountProof.Headers, packed, body.Span);

        return headers;
    }

    static string EncodeAll(QStashSendContext context, string? mediaType, List<HeaderValue> own, bool recurs, DateTimeOffset now)
    {
        var headers = new Dictionary<string, object>(StringComparer.Ordinal);

        // What is encrypted carries them too, but which key opens it is a matter of any of them, or of one named EncryptionKeyId.
        if (IsEncrypted(mediaType))
            own.RemoveAll(header => !IsTrace(header.Key) && IsTrusted(header.Key));
        else if (IsEnvelope(mediaType))
            own.RemoveAll(header => !IsTrace(header.Key));

        headers.Set(own.Select(Neutral));

        if (!recurs)
            headers[MessageHeaders.MessageId] = context.MessageId!.Value.ToString();
        else
            headers.Remove(MessageHeaders.MessageId);

        // From when the message is due, as brokers count it.
        if (context.TimeToLive is { } timeToLive)
        {
            var due = context.NotBefore ?? (context.Delay > TimeSpan.Zero ? now + context.Delay.Value : now);
            headers[ExpirationTime] = Text((due > now ? due : now) + timeToLive);
        }

        return Write(headers);
    }

    /// <summary>
    /// For plain JSON, what is known of the message and not sent with it, for whoever is told how its delivery ended; else null.
    /// </summary>
    /// <param name="context">The send.</param>
    /// <param name="sent">The headers that go with the message.</param>
    public static string? EncodeSource(QStashSendContext context, IReadOnlyDictionary<string, string> sent)
    {
        if (sent.ContainsKey(HeaderName) || IsEnvelope(context.ContentType?.MediaType))
            return null;

        var headers = new Dictionary<string, object>(StringComparer.Ordinal);

        Add(MessageHeaders.MessageId, context.MessageId);
        Add(MessageHeaders.CorrelationId, context.CorrelationId);
        Add(MessageHeaders.ConversationId, context.ConversationId);
        Add(MessageHeaders.RequestId, context.RequestId);
        Add(MessageHeaders.ResponseAddress, context.ResponseAddress);
        Add(MessageHeaders.FaultAddress, context.FaultAddress);
        Add(MessageHeaders.MessageType, string.Join(';', context.SupportedMessageTypes ?? []));

        return Write(headers);

        void Add(string name, object? value)
        {
            if (value?.ToString() is { Length: > 0 } text)
                headers[name] = text;
        }
    }

    // The values are texts: MassTransit's adapter makes them so.
    static string Write(Dictionary<string, object> headers)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in headers)
                writer.WriteString(name, (string)value);
            writer.WriteEndObject();
        }

        return Encoding.ASCII.GetString(json.WrittenSpan);
    }

    // As any HTTP client would send it: what the sender set is a header of its own, and the trace goes on by the standard's name.
    static Dictionary<string, string> EncodePlain(List<HeaderValue> own)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        values.Set(own.Where(header => !IsOfMassTransit(header.Key)).Select(Neutral));

        var headers = values.ToDictionary(header => header.Key, header => (string)header.Value, StringComparer.OrdinalIgnoreCase);

        if (own.FirstOrDefault(header => header.Key == DiagnosticHeaders.ActivityId).Value is string activityId)
            headers.TryAdd("traceparent", activityId);

        return headers;
    }

    /// <summary>
    /// Reads what <see cref="Encode"/> wrote, null when it wrote nothing. Anybody with the token may have sent something else, which
    /// counts as no headers.
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
        // The latter for half a surrogate pair.
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

        // Throws if anything follows.
        reader.Read();

        return headers;
    }

    public static DateTimeOffset? GetExpirationTime(IHeaderProvider headers) => GetTime(headers, ExpirationTime);

    /// <summary>
    /// Whether MassTransit decides something by the header, such as whether it has seen the message, or where to answer. Beside the
    /// body it counts only with a proof.
    /// </summary>
    public static bool IsTrusted(string header) => NamesOfMassTransit.Contains(header)
        || (header.StartsWith("MT-", StringComparison.OrdinalIgnoreCase) && !IsTrace(header) && header != ExpirationTime);

    /// <summary>Whether the header belongs to the trace of one send.</summary>
    public static bool IsTrace(string header) => TraceHeaders.Contains(header);

    // MassTransit's adapter writes numbers and times as the culture of the process does, and the receiver may have another.
    static HeaderValue Neutral(HeaderValue header) => header.Value is IFormattable value and ValueType and not bool
        ? new(header.Key, value.ToString(value is DateTime or DateTimeOffset ? "O" : null, CultureInfo.InvariantCulture))
        : header;

    static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    static DateTimeOffset? GetTime(IHeaderProvider headers, string name) =>
        headers.TryGetHeader(name, out var value)
        && DateTimeOffset.TryParseExact(value as string, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;

    static bool IsPlainJson(QStashSendContext context, string? mediaType, List<HeaderValue> own)
    {
        var isJson = string.Equals(mediaType, SystemTextJsonRawMessageSerializer.JsonContentType.MediaType, StringComparison.OrdinalIgnoreCase);

        if (context.IsPlainJson)
        {
            return isJson
                ? true
                : throw new ArgumentException($"The message is to be sent as plain JSON, and its serializer writes {context.ContentType}. Behind a transactional outbox the bus needs cfg.UseRawJsonDeserializer() to send it again.");
        }

        // From a serializer that was told to add no headers. Whatever headers of MassTransit there are all the same, such as the
        // count of redeliveries, somebody will need.
        return isJson && !own.Exists(header => IsOfMassTransit(header.Key) && !IsTrace(header.Key) && !EnvelopeFacts.IsFact(header.Key));
    }

    static bool IsOfMassTransit(string header) => header.StartsWith("MT-", StringComparison.Ordinal)
        || header is MessageHeaders.ContentType or MessageHeaders.MessageId or MessageHeaders.CorrelationId or MessageHeaders.ConversationId or MessageHeaders.RequestId;

    /// <summary>Whether the body is MassTransit's envelope, which carries all headers itself.</summary>
    public static bool IsEnvelope(ContentType? contentType) => IsEnvelope(contentType?.MediaType);

    static bool IsEncrypted(string? mediaType) => IsEnvelope(mediaType) && mediaType!.EndsWith("+aes", StringComparison.OrdinalIgnoreCase);

    static bool IsEnvelope(string? mediaType) =>
        mediaType?.StartsWith("application/vnd.masstransit", StringComparison.OrdinalIgnoreCase) == true;
}
