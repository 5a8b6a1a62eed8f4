using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Runtime.Serialization;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The serializers of an endpoint. They also explain why a body with an unknown content type, or in another encoding
/// than UTF-8, cannot be read.
/// </summary>
sealed class DeliverySerialization(ISerialization serialization) : ISerialization
{
    public ContentType DefaultContentType => serialization.DefaultContentType;

    public IMessageSerializer GetMessageSerializer(ContentType? contentType = null) => serialization.GetMessageSerializer(contentType);

    public bool TryGetMessageSerializer(ContentType contentType, [NotNullWhen(true)] out IMessageSerializer? serializer) =>
        serialization.TryGetMessageSerializer(contentType, out serializer);

    public IMessageDeserializer GetMessageDeserializer(ContentType? contentType = null)
    {
        var deserializer = serialization.GetMessageDeserializer(contentType);

        return IsKnown(serialization, contentType) && IsUtf8(contentType) ? deserializer : new Explained(deserializer, serialization);
    }

    public bool TryGetMessageDeserializer(ContentType contentType, [NotNullWhen(true)] out IMessageDeserializer? deserializer) =>
        serialization.TryGetMessageDeserializer(contentType, out deserializer);

    public void Probe(ProbeContext context) => serialization.Probe(context);

    /// <summary>
    /// Explains why a body cannot be read: its content type has no deserializer, or names another encoding than UTF-8. Null when it is
    /// neither.
    /// </summary>
    public static string? DescribeUnreadable(ISerialization serialization, ReceiveContext context)
    {
        var contentType = context.ContentType;

        if (IsKnown(serialization, contentType))
        {
            return IsUtf8(contentType)
                ? null
                : $"The body has the charset '{contentType.CharSet}', and it was read as UTF-8. Send it as UTF-8.";
        }

        // The header may be no content type at all, and then the parsed one does not show it.
        var name = context.TryGetPayload(out QStashDelivery? delivery) && contentType?.MediaType == MediaTypeNames.Application.Octet
            ? delivery.ContentType
            : contentType?.MediaType;
        var type = contentType is null ? "no Content-Type" : $"the Content-Type '{name}', which the endpoint has no deserializer for";

        return $"The body has {type}, so it was read as '{serialization.DefaultContentType.MediaType}'. Send it with its own type, "
            + "or add a deserializer to the endpoint, such as e.UseRawJsonDeserializer(isDefault: true) for JSON of any type.";
    }

    static bool IsKnown(ISerialization serialization, [NotNullWhen(true)] ContentType? contentType) =>
        contentType is not null && serialization.TryGetMessageDeserializer(contentType, out _);

    static bool IsUtf8(ContentType? contentType) => contentType?.CharSet is null or ""
        || contentType.CharSet.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        || contentType.CharSet.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);

    // For an unknown content type MassTransit tries its default deserializer, and for another encoding it reads UTF-8. This explains the
    // failure.
    sealed class Explained(IMessageDeserializer deserializer, ISerialization serialization) : IMessageDeserializer
    {
        public ContentType ContentType => deserializer.ContentType;

        public ConsumeContext Deserialize(ReceiveContext receiveContext)
        {
            try
            {
                return deserializer.Deserialize(receiveContext);
            }
            catch (Exception exception)
            {
                // Leave out the inner exception: logs and faults show the innermost one, and it would hide this text.
                throw new SerializationException(
                    $"{DescribeUnreadable(serialization, receiveContext)} {exception.GetBaseException().Message}");
            }
        }

        public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
            deserializer.Deserialize(body, headers, destinationAddress);

        public MessageBody GetMessageBody(string text) => deserializer.GetMessageBody(text);

        public void Probe(ProbeContext context) => deserializer.Probe(context);
    }
}
