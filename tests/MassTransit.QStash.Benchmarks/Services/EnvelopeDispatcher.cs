using MassTransit.QStash.Benchmarks.Load;
using MassTransit.Transports;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// MassTransit's own dispatch of a serialized message to a consumer, without a transport.
/// </summary>
sealed class EnvelopeDispatcher(ServiceProvider services, IReceiveEndpointDispatcher dispatcher) : IAsyncDisposable
{
    public static async Task<EnvelopeDispatcher> Start()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IReceiveEndpointDispatcherFactory, ReceiveEndpointDispatcherFactory>();
        services.AddMassTransit(x =>
        {
            x.AddConsumer<NoOpConsumer>();
            x.UsingInMemory();
        });

        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IBusControl>().StartAsync();
        var factory = provider.GetRequiredService<IReceiveEndpointDispatcherFactory>();

        return new EnvelopeDispatcher(provider, factory.CreateConsumerReceiver<NoOpConsumer>("orders"));
    }

    public Task Dispatch(CapturedMessage message, int count, int concurrency)
    {
        var headers = new Dictionary<string, object> { ["Content-Type"] = message.ContentType };
        var left = count;

        return Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await dispatcher.Dispatch(message.Body, headers, CancellationToken.None);
        })));
    }

    public async ValueTask DisposeAsync()
    {
        await services.GetRequiredService<IBusControl>().StopAsync();
        await services.DisposeAsync();
    }
}
