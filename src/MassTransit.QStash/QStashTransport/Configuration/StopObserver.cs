namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// Notices that a bus is about to stop: an endpoint that is stopped already will not be back.
/// </summary>
sealed class StopObserver(QStashHostConfiguration hostConfiguration) : BusObserver
{
    public override Task PreStop(IBus bus)
    {
        hostConfiguration.CloseReceiveTransports();

        return Task.CompletedTask;
    }
}
