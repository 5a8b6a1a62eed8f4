using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Runtime.Serialization;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The serializers of an endpoint. They also explain why a body with an unknown content type cannot be read.
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

        return DescribeUnknown(serialization, contentType) is { } description ? new Fallback(deserializer, description) : deserializer;
    }

    public bool TryGetMessageDeserializer(ContentType contentType, [NotNullWhen(true)] out IMessageDeserializer? deserializer) =>
        serialization.TryGetMessageDeserializer(contentType, out deserializer);

    public void Probe(ProbeContext context) => serialization.Probe(context);

    /// <summary>Explains that the content type of a body has no deserializer; null when it has one.</summary>
    public static string? DescribeUnknown(ISerialization serialization, ContentType? contentType)
    {
        if (contentType is not null && serialization.TryGetMessageDeserializer(contentType, out _))
            return null;

        var type = contentType is null ? "no Content-Type" : $"the Content-Type '{contentType.MediaType}', which the endpoint has no "
            + "deserializer for";

        return $"The body has {type}, so it was read as '{serialization.DefaultContentType.MediaType}'. Send it with its own type, "
            + "or add a deserializer to the endpoint, such as e.UseRawJsonDeserializer(isDefault: true) for JSON of any type.";
    }

    // For an unknown content type MassTransit tries its default deserializer; this explains the failure.
    sealed class Fallback(IMessageDeserializer deserializer, string description) : IMessageDeserializer
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
                throw new SerializationException($"{description} {exception.GetBaseException().Message}");
            }
        }

        public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
            deserializer.Deserialize(body, headers, destinationAddress);

        public MessageBody GetMessageBody(string text) => deserializer.GetMessageBody(text);

        public void Probe(ProbeContext context) => deserializer.Probe(context);
    }
}
