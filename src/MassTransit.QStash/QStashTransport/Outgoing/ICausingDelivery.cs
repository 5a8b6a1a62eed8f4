namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// A delivery, as the code sees it that sends messages while the delivery is consumed. It is a payload of the receive context.
/// </summary>
interface ICausingDelivery
{
    byte[] GetBody();

    /// <summary>Counts the copies of the delivered message that its consumers send to one destination, from 1.</summary>
    int CountCopy(string destination);

    /// <summary>Defers a send until all other messages that the delivery causes have been sent.</summary>
    void SendLast(Func<Task> send);
}
