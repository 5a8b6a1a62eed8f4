using System.Net.Mime;
using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Reads a message that QStash only reports, or keeps, as the endpoint it was sent to would have read it.
/// </summary>
static class SourceMessage
{
    // QStash tells what the sender gave it, and signs that.
    static bool IsProven() => true;

    // Reads what it is asked for: of a body without envelope, nobody but the headers tells the types.
    static readonly SystemTextJsonRawMessageSerializer RawJson = new();

    /// <summary>The message, or null when the body cannot be read.</summary>
    /// <param name="serialization">That of the endpoint which wants to know.</param>
    /// <param name="headers">The headers of the delivery.</param>
    /// <param name="body">The body of the delivery.</param>
    /// <param name="qstashMessageId">QStash's id of the message.</param>
    /// <param name="destination">Where it was delivered to.</param>
    /// <param name="extraHeaders">Of plain JSON, what else is known, in the form of <see cref="TransportHeaders"/>.</param>
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
                new JsonTransportHeaders(new DeliveryHeaders(sent, headers, qstashMessageId, IsProven)), destination);
        }
        catch (Exception exception)
        {
            LogContext.Debug?.Log(exception, "The message {MessageId} cannot be read", qstashMessageId);

            return null;
        }
    }
}
