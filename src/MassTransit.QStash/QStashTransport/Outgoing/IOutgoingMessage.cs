using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// A send without its message type, with the properties that only the transport sets.
/// </summary>
interface IOutgoingMessage : QStashSendContext
{
    /// <summary>The FIFO queues from which the partition key of the message, if it has one, selects.</summary>
    OrderedQueues OrderedQueues { set; }

    /// <summary>When QStash is to repeat the message; null for a message that is sent once.</summary>
    Recurrence? Recurrence { get; set; }

    /// <summary>
    /// Removes the callbacks that come from the settings of the bus, and keeps those of the message type or the sender.
    /// </summary>
    void RemoveCallbacksOfBus();
}
