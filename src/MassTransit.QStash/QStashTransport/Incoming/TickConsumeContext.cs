using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// One of the messages of a schedule. QStash repeats the same body each time, so by the MessageId in it an inbox would drop all messages
/// but the first. This gives each message its own id, which is the same for every attempt to deliver it.
/// </summary>
sealed class TickConsumeContext(ReceiveContext receiveContext, SerializerContext serializerContext, string qstashMessageId,
    DateTimeOffset now) :
    BodyConsumeContext(receiveContext, serializerContext)
{
    readonly Guid _messageId = MessageIdOf.Message(qstashMessageId);

    public override Guid? MessageId => _messageId;

    // Each message begins its own conversation.
    public override Guid? ConversationId => _messageId;

    public override DateTime? SentTime => now.UtcDateTime;
    public override DateTime? ExpirationTime => null;
}
