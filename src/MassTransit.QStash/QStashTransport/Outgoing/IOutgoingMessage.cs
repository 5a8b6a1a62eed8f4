namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Makes a schedule of a send, without its message type.
/// </summary>
interface IOutgoingMessage : QStashSendContext
{
    /// <summary>When QStash is to repeat the message; null for a message of its own.</summary>
    Recurrence? Recurrence { get; set; }

    /// <summary>
    /// Takes away the callbacks that the message has from the bus, and leaves those that its type or its sender chose.
    /// </summary>
    void DropInheritedCallbacks();
}
