using Bridge.Billing;
using Bridge.Bridging;
using Bridge.Running;
using Bridge.Shop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QStash.Emulator;

namespace MassTransit.QStash.RabbitMq.Tests.Support;

/// <summary>
/// The sample's bridge between its shop, on RabbitMQ or in memory, and its billing, on QStash. The shop is in the bridge's process,
/// since a bus in memory does not leave it.
/// </summary>
sealed class World : IAsyncDisposable
{
    readonly List<WebApplication> _services = [];

    public Steps Steps { get; } = new();
    public required QStashEmulator Emulator { get; init; }
    public IBus Legacy => _services[1].Services.GetRequiredService<IBus>();
    public IBus QStash => _services[0].Services.GetRequiredService<IBus>();
    public IServiceProvider Shop => _services[1].Services;

    /// <param name="transport">What is on the other side.</param>
    /// <param name="rabbitMq">Where the server is, should it be RabbitMQ.</param>
    public static async Task<World> StartAsync(LegacyTransport transport, RabbitMq rabbitMq)
    {
        var port = transport == LegacyTransport.RabbitMq ? await rabbitMq.RequireAsync() : default;
        var world = new World { Emulator = await QStashEmulator.StartAsync() };
        var (billing, bridge) = (new Uri($"http://127.0.0.1:{FreePort.Find()}"), new Uri($"http://127.0.0.1:{FreePort.Find()}"));

        await world.StartAsync(billing, services => services.AddBilling(billing, UseEmulator));
        await world.StartAsync(bridge, services => services.AddBridge(
            bridge,
            h =>
            {
                UseEmulator(h);
                h.Route("charge-card", new Uri(billing, "qstash/charge-card"));
            },
            x =>
            {
                x.AddShop();
                if (transport == LegacyTransport.RabbitMq)
                    x.UsingRabbitMq((context, cfg) =>
                    {
                        cfg.Host("127.0.0.1", port, "/", _ => { });
                        cfg.ConfigureEndpoints(context);
                    });
                else
                    x.UsingInMemory((context, cfg) => cfg.ConfigureEndpoints(context));
            }));

        return world;

        void UseEmulator(IQStashHostConfigurator h) => h.UseEmulator(world.Emulator.Url);
    }

    /// <summary>Adds a consumer to one of the buses, which sees one message after the other.</summary>
    public static async Task<Seen<T>> ObserveAsync<T>(IBus bus, string endpoint)
        where T : class
    {
        var seen = new Seen<T>();
        var handle = bus.ConnectReceiveEndpoint($"{endpoint}-{NewId.NextGuid():n}", e =>
        {
            e.ConcurrentMessageLimit = 1;
            e.Handler<T>(seen.Add);
        });
        await handle.Ready;

        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Enumerable.Reverse(_services))
            await service.DisposeAsync();

        await Emulator.DisposeAsync();
    }

    async Task StartAsync(Uri address, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address.AbsoluteUri);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Steps);
        configure(builder.Services);
        var app = builder.Build();
        _services.Add(app);
        app.MapQStash();
        await app.StartAsync(Cancellation);

        var buses = new[] { app.Services.GetRequiredService<IBus>(), app.Services.GetService<IQStashBus>() };
        foreach (var bus in buses.OfType<IBusControl>())
            Assert.Equal(BusHealthStatus.Healthy, await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromMinutes(1)));
    }
}
