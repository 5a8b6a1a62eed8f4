namespace MassTransit.QStashTransport.Sending;

/// <summary>
/// A send that knows which of its callbacks come from the settings of the bus.
/// </summary>
interface ICallbackSendContext
{
    /// <summary>
    /// Takes away the callbacks that all messages of the bus have, and leaves those that the message type or the sender set: a callback
    /// about a message that a callback caused would go on for ever.
    /// </summary>
    void RemoveCallbacksOfBus();
}
