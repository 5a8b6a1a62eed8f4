using MassTransit.Logging;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Decides which headers a message takes along, and how.
/// </summary>
static class OutgoingHeaders
{
    /// <summary>
    /// The HTTP headers of a message whose body has been serialized already: raw serializers add theirs while they do.
    /// </summary>
    /// <param name="context">The send.</param>
    /// <param name="recurs">Whether a schedule is to make the message.</param>
    /// <param name="now">The time of the send.</param>
    /// <param name="body">The body, for a proof of the headers where it does not have them itself.</param>
    /// <param name="proof">Makes the proof.</param>
    public static IReadOnlyDictionary<string, string> Encode(QStashSendContext context, bool recurs, DateTimeOffset now,
        ReadOnlyMemory<byte> body, AccountProof proof)
    {
        var own = new List<HeaderValue>();

        foreach (var header in context.Headers)
        {
            // What comes of a schedule is a message of its own each time, with an id and a trace of its own.
            if (!recurs || !TransportHeaders.IsTrace(header.Key))
                own.Add(header);
        }

        // Made anew each time it is asked for.
        var mediaType = context.ContentType?.MediaType;

        Dictionary<string, string> headers = IsPlainJson(context, mediaType, own)
            ? EncodePlain(own)
            : new() { [TransportHeaders.HeaderName] = EncodeAll(context, mediaType, own, recurs, now) };

        // By the name of the standard, for the server that gets the delivery, and for who looks at the message on its way.
        if (own.FirstOrDefault(header => header.Key == DiagnosticHeaders.ActivityId).Value is string activityId)
            headers.TryAdd("traceparent", activityId);

        if (!TransportHeaders.IsEnvelope(mediaType) && headers.TryGetValue(TransportHeaders.HeaderName, out var packed))
            headers[AccountProof.HeaderName] = proof.Create(AccountProof.Headers, packed, body.Span);

        return headers;
    }

    static string EncodeAll(QStashSendContext context, string? mediaType, List<HeaderValue> own, bool recurs, DateTimeOffset now)
    {
        var headers = new Dictionary<string, object>(StringComparer.Ordinal);

        // What is encrypted carries them too, but which key opens it is a matter of any of them, or of one named EncryptionKeyId.
        if (TransportHeaders.IsEncrypted(mediaType))
            own.RemoveAll(header => !TransportHeaders.IsTrace(header.Key) && TransportHeaders.IsTrusted(header.Key));
        else if (TransportHeaders.IsEnvelope(mediaType))
            own.RemoveAll(header => !TransportHeaders.IsTrace(header.Key));

        headers.Set(own.Select(TransportHeaders.Neutral));

        if (!recurs)
            headers[MessageHeaders.MessageId] = context.MessageId!.Value.ToString();
        else
            headers.Remove(MessageHeaders.MessageId);

        // From when the message is due, as brokers count it.
        if (context.TimeToLive is { } timeToLive)
        {
            var due = context.Delivery.NotBefore ?? (context.Delay > TimeSpan.Zero ? now + context.Delay.Value : now);
            TransportHeaders.SetExpirationTime(headers, (due > now ? due : now) + timeToLive);
        }

        return TransportHeaders.Write(headers);
    }

    /// <summary>
    /// For plain JSON, what is known of the message and not sent with it, for whoever is told how its delivery ended; else null.
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

    // As any HTTP client would send it: what the sender set is a header of its own.
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

        // A serializer was told to add no headers. Where there are headers of MassTransit all the same, such as the count of
        // redeliveries, a receiver needs them, and the message takes all headers along as MassTransit does.
        return isJson
            && !own.Exists(header => TransportHeaders.IsOfMassTransit(header.Key) && !TransportHeaders.IsTrace(header.Key)
            && !EnvelopeFacts.IsFact(header.Key));
    }
}
