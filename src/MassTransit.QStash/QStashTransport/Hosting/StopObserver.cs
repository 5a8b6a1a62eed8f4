using MassTransit.QStashTransport.Endpoints;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Notices that a bus is about to stop: an endpoint that is stopped already will not be back.
/// </summary>
sealed class StopObserver(EndpointRegistry endpoints) : BusObserver
{
    public override Task PreStop(IBus bus)
    {
        endpoints.Close();

        return Task.CompletedTask;
    }
}
