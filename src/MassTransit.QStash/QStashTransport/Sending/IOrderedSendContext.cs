using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// A send whose partition key, if it gets one, decides about the queue.
/// </summary>
interface IOrderedSendContext
{
    OrderedQueues OrderedQueues { set; }
}
