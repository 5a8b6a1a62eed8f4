using MassTransit.QStashTransport.Scheduling;

namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// What the schedulers say about a send, without its message type.
/// </summary>
interface IScheduledSendContext
{
    /// <summary>The earliest time of the delivery.</summary>
    DateTimeOffset? NotBefore { get; set; }

    /// <summary>Makes a schedule of the send: QStash repeats the message. Null for a message of its own.</summary>
    Recurrence? Recurrence { get; set; }
}
