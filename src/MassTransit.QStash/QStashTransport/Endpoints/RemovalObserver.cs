namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// Notices when an endpoint that was connected to a running bus is removed from it for good.
/// </summary>
sealed class RemovalObserver(Action removed) : IReceiveEndpointObserver
{
    public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

    public Task Stopping(ReceiveEndpointStopping stopping)
    {
        if (stopping.Removed)
            removed();

        return Task.CompletedTask;
    }

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
