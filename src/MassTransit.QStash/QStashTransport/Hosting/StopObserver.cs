using MassTransit.QStashTransport.Endpoints;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Tells the endpoints when a bus is about to stop. From then on a stopped endpoint is not started again.
/// </summary>
sealed class StopObserver(EndpointRegistry endpoints) : BusObserver
{
    public override Task PreStop(IBus bus)
    {
        endpoints.Close();

        return Task.CompletedTask;
    }
}
