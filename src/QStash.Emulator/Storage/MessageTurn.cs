namespace QStash.Emulator.Storage;

/// <summary>
/// What a message in a queue or with a flow control key waits for. It is separate from <see cref="Message"/>, so that a million messages
/// that wait for neither take less memory.
/// </summary>
sealed class MessageTurn
{
    public FifoQueue? Queue { get; set; }

    public FlowControlKey? FlowControl { get; set; }

    /// <inheritdoc cref="Message.Slot"/>
    public QueueSlot? Slot { get; set; }

    /// <inheritdoc cref="Message.Place"/>
    public LinkedListNode<Message>? Place { get; set; }

    /// <inheritdoc cref="Message.Called"/>
    public bool Called { get; set; }
}
