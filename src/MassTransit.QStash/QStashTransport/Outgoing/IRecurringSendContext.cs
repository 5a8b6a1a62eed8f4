namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// Makes a schedule of a send, without its message type.
/// </summary>
interface IRecurringSendContext : QStashSendContext
{
    /// <summary>When QStash is to repeat the message; null for a message of its own.</summary>
    Recurrence? Recurrence { get; set; }
}
