namespace MassTransit;

/// <summary>
/// By what QStash recognises a second copy of a message, which it accepts and drops within ten minutes.
/// </summary>
public enum QStashDeduplication
{
    /// <summary>
    /// The MessageId and the circumstances of the send: a repeated request and an outbox replay arrive once, and whatever is sent
    /// again on purpose arrives. The default.
    /// </summary>
    MessageId,

    /// <summary>
    /// The content of the message: two messages of one type, with equal members, to one destination, are the same.
    /// </summary>
    Content,

    /// <summary>
    /// Nothing. A publish is then never repeated after a failure, because that could send it twice: the send throws instead.
    /// </summary>
    None,
}
