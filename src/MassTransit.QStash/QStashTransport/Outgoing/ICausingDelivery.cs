namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// A delivery, as those see it that send something while it is consumed. It is a payload of the receive context.
/// </summary>
interface ICausingDelivery
{
    byte[] GetBody();

    /// <summary>Counts the copies of the delivered message that its consumers send to one destination, from 1.</summary>
    int CountCopy(string destination);

    /// <summary>Puts a send off until everything else that the delivery causes has been sent.</summary>
    void SendLast(Func<Task> send);
}
