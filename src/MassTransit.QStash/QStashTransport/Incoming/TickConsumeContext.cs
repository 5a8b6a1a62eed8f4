using MassTransit.QStashTransport.Wire;
using MassTransit.Serialization;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// One of the messages that a schedule makes. QStash repeats the body to the letter, so what tells messages apart, and by which
/// an inbox would drop all but the first, is made here: the id anew for each, and the same for every attempt to deliver it.
/// </summary>
sealed class TickConsumeContext(ReceiveContext receiveContext, SerializerContext serializerContext, string qstashMessageId,
    DateTimeOffset now) :
    BodyConsumeContext(receiveContext, serializerContext)
{
    readonly Guid _messageId = MessageIdOf.Message(qstashMessageId);

    public override Guid? MessageId => _messageId;

    // Each begins a conversation of its own.
    public override Guid? ConversationId => _messageId;

    public override DateTime? SentTime => now.UtcDateTime;
    public override DateTime? ExpirationTime => null;
}
