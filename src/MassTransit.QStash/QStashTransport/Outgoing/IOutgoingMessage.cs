using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// A send without its message type, with what only the transport sets.
/// </summary>
interface IOutgoingMessage : QStashSendContext
{
    /// <summary>The FIFO queues among which the partition key of the message, if it gets one, decides.</summary>
    OrderedQueues OrderedQueues { set; }

    /// <summary>When QStash is to repeat the message; null for a message of its own.</summary>
    Recurrence? Recurrence { get; set; }

    /// <summary>
    /// Takes away the callbacks that the message has from the bus, and leaves those that its type or its sender chose.
    /// </summary>
    void RemoveCallbacksOfBus();
}
