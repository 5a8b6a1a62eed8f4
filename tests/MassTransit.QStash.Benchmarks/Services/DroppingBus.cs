namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// MassTransit's own part of a send: what it does before a transport has the message, and a transport that drops it.
/// </summary>
sealed class DroppingBus(ServiceProvider services) : IAsyncDisposable
{
    public static async Task<DroppingBus> Start()
    {
        var provider = new ServiceCollection().AddLogging().AddMassTransit(x => x.UsingInMemory()).BuildServiceProvider();
        await provider.GetRequiredService<IBusControl>().StartAsync();

        return new DroppingBus(provider);
    }

    /// <summary>An exchange to which no queue is bound.</summary>
    public Task<ISendEndpoint> GetSendEndpoint() => services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:nobody"));

    public async ValueTask DisposeAsync()
    {
        await services.GetRequiredService<IBusControl>().StopAsync();
        await services.DisposeAsync();
    }
}
