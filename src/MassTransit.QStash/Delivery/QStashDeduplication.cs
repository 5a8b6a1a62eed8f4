namespace MassTransit;

/// <summary>
/// How QStash recognises a second copy of a message. It accepts and drops a copy that comes within ten minutes.
/// </summary>
public enum QStashDeduplication
{
    /// <summary>
    /// By the MessageId and the circumstances of the send: a repeated request and an outbox replay arrive once, and a message that is sent
    /// again on purpose arrives again. The default.
    /// </summary>
    MessageId,

    /// <summary>
    /// By the content of the message: two messages of one type with equal members to one destination are the same.
    /// </summary>
    Content,

    /// <summary>
    /// Not at all. Then a publish is not repeated after a failure, because that could send it twice: the send throws instead.
    /// </summary>
    None,
}
