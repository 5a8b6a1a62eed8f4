using System.Net.Mime;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Reads a message from a report or from the dead letter queue, as its endpoint would have read it.
/// </summary>
static class SourceMessage
{
    // Reads any type that it is asked for, because a body without an envelope does not name its types; only the headers can.
    static readonly SystemTextJsonRawMessageSerializer RawJson = new();

    /// <summary>Reads the message; gives null when the body cannot be read.</summary>
    /// <param name="serialization">The serializers to read it with.</param>
    /// <param name="headers">The headers of the delivery.</param>
    /// <param name="body">The body of the delivery.</param>
    /// <param name="qstashMessageId">QStash's id of the message.</param>
    /// <param name="destination">The URL it was delivered to.</param>
    /// <param name="extraHeaders">For plain JSON, further data about the message, in the form of <see cref="TransportHeaders"/>.</param>
    public static SerializerContext? Read(ISerialization serialization, IReadOnlyDictionary<string, string> headers, byte[] body,
        string qstashMessageId, Uri? destination, string? extraHeaders = null)
    {
        try
        {
            var contentType = new ContentType(headers.GetValueOrDefault("Content-Type")
                ?? SystemTextJsonRawMessageSerializer.JsonContentType.MediaType);

            if (!serialization.TryGetMessageDeserializer(contentType, out var deserializer))
            {
                if (!string.Equals(contentType.MediaType, RawJson.ContentType.MediaType, StringComparison.OrdinalIgnoreCase))
                    return null;

                deserializer = RawJson;
            }

            var sent = TransportHeaders.Decode(headers.GetValueOrDefault(TransportHeaders.HeaderName) ?? extraHeaders);

            return deserializer.Deserialize(new BytesMessageBody(body),
                new JsonTransportHeaders(new ReportedHeaders(sent, headers, qstashMessageId)), destination);
        }
        catch (Exception exception)
        {
            LogContext.Debug?.Log(exception, "The message {MessageId} cannot be read", qstashMessageId);

            return null;
        }
    }

    // QStash reports the headers that the sender set, in a signed body.
    sealed class ReportedHeaders(IHeaderProvider? sent, IReadOnlyDictionary<string, string> http, string qstashMessageId) :
        DeliveryHeaders(sent, http, qstashMessageId)
    {
        protected override bool IsProven => true;
    }
}
