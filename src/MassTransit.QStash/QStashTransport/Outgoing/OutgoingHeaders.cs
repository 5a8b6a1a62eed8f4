using MassTransit.Logging;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Decides which headers go with a message, and in which form.
/// </summary>
static class OutgoingHeaders
{
    /// <summary>
    /// The HTTP headers of a message. Its body must have been serialized already, because raw serializers add headers while they write it.
    /// </summary>
    /// <param name="context">The send.</param>
    /// <param name="recurs">Whether a schedule is to send the message.</param>
    /// <param name="now">The time of the send.</param>
    /// <param name="body">The body, for the proof of headers that the body does not contain.</param>
    /// <param name="proof">Makes the proof.</param>
    public static Dictionary<string, string> Encode(QStashSendContext context, bool recurs, DateTimeOffset now,
        ReadOnlyMemory<byte> body, AccountProof proof)
    {
        var own = new List<HeaderValue>();

        foreach (var (name, value) in context.Headers.GetAll())
        {
            // Each message of a schedule is a new message with its own id and trace.
            if (!recurs || !TransportHeaders.IsTrace(name))
                own.Add(new HeaderValue(name, value));
        }

        // Read once, because the property creates a new object each time.
        var mediaType = context.ContentType?.MediaType;

        Dictionary<string, string> headers = IsPlainJson(context, mediaType, own)
            ? EncodePlain(own)
            : new() { [TransportHeaders.HeaderName] = EncodeAll(context, mediaType, own, recurs, now) };

        // The trace also has its standard name, for the server that gets the delivery, and for proxies and tools on the way.
        if (own.Find(header => header.Key == DiagnosticHeaders.ActivityId).Value is string activityId)
            headers.TryAdd("traceparent", activityId);

        if (!TransportHeaders.IsEnvelope(mediaType) && headers.TryGetValue(TransportHeaders.HeaderName, out var packed))
            headers[AccountProof.HeaderName] = proof.Create(AccountProof.Headers, packed, body.Span);

        return headers;
    }

    static string EncodeAll(QStashSendContext context, string? mediaType, List<HeaderValue> own, bool recurs, DateTimeOffset now)
    {
        var headers = new Dictionary<string, object>(StringComparer.Ordinal);

        // An encrypted body contains the headers too. But the receiver selects the key by a header before it can read the body, by
        // EncryptionKeyId or by any other header of the application.
        if (TransportHeaders.IsEncrypted(mediaType))
            own.RemoveAll(header => !TransportHeaders.IsTrace(header.Key) && TransportHeaders.IsTrusted(header.Key));
        else if (TransportHeaders.IsEnvelope(mediaType))
            own.RemoveAll(header => !TransportHeaders.IsTrace(header.Key));

        if (own.Count > 0)
            headers.Set(own.Select(TransportHeaders.Neutral));

        if (!recurs)
            headers[MessageHeaders.MessageId] = context.MessageId!.Value.ToString();
        else
            headers.Remove(MessageHeaders.MessageId);

        // The time to live begins when the message is due, as with brokers.
        if (context.TimeToLive is { } timeToLive)
        {
            var due = context.Delivery.NotBefore ?? (context.Delay > TimeSpan.Zero ? now + context.Delay.Value : now);
            TransportHeaders.SetExpirationTime(headers, (due > now ? due : now) + timeToLive);
        }

        return TransportHeaders.Write(headers);
    }

    /// <summary>
    /// For plain JSON, the data about the message that is not sent with it, for the reports about its delivery; else null.
    /// </summary>
    /// <param name="context">The send.</param>
    /// <param name="sent">The headers that go with the message.</param>
    public static string? EncodeSource(QStashSendContext context, IReadOnlyDictionary<string, string> sent)
    {
        if (sent.ContainsKey(TransportHeaders.HeaderName) || TransportHeaders.IsEnvelope(context.ContentType?.MediaType))
            return null;

        var headers = new Dictionary<string, object>(StringComparer.Ordinal);

        Add(MessageHeaders.MessageId, context.MessageId);
        Add(MessageHeaders.CorrelationId, context.CorrelationId);
        Add(MessageHeaders.ConversationId, context.ConversationId);
        Add(MessageHeaders.RequestId, context.RequestId);
        Add(MessageHeaders.ResponseAddress, context.ResponseAddress);
        Add(MessageHeaders.FaultAddress, context.FaultAddress);
        Add(MessageHeaders.MessageType, string.Join(';', context.SupportedMessageTypes ?? []));

        return TransportHeaders.Write(headers);

        void Add(string name, object? value)
        {
            if (value?.ToString() is { Length: > 0 } text)
                headers[name] = text;
        }
    }

    // As any HTTP client would send it: each header that the sender set is an HTTP header.
    static Dictionary<string, string> EncodePlain(List<HeaderValue> own)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        values.Set(own.Where(header => !TransportHeaders.IsOfMassTransit(header.Key)).Select(TransportHeaders.Neutral));

        return values.ToDictionary(header => header.Key, header => (string)header.Value, StringComparer.OrdinalIgnoreCase);
    }

    static bool IsPlainJson(QStashSendContext context, string? mediaType, List<HeaderValue> own)
    {
        var isJson = string.Equals(mediaType, SystemTextJsonRawMessageSerializer.JsonContentType.MediaType,
            StringComparison.OrdinalIgnoreCase);

        if (context.Delivery.PlainJson)
        {
            return isJson
                ? true
                : throw new ArgumentException($"The message is to be sent as plain JSON, and its serializer writes "
                + $"{context.ContentType}. Behind a transactional outbox the bus needs cfg.UseRawJsonDeserializer() to send it again.");
        }

        // This serializer is set to add no headers. If there are headers of MassTransit anyway, such as the count of redeliveries, the
        // receiver needs them. Then the message carries all headers, as MassTransit does.
        return isJson
            && !own.Exists(header => TransportHeaders.IsOfMassTransit(header.Key) && !TransportHeaders.IsTrace(header.Key)
            && !EnvelopeFacts.IsFact(header.Key));
    }
}
