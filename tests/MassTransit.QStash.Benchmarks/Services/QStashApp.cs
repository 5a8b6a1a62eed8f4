using MassTransit.QStash.Benchmarks.Load;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using QStash.Client;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// A service on Kestrel with a bus on QStash.
/// </summary>
sealed class QStashApp(WebApplication app) : IAsyncDisposable
{
    public const string BarePath = "/bare";
    public const string HashedPath = "/hashed";

    public IBus Bus => app.Services.GetRequiredService<IBus>();

    public Uri LocalAddress => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <param name="api">The QStash API.</param>
    /// <param name="port">Where to listen; the public address of the service is the same.</param>
    /// <param name="configure">Configures the endpoints.</param>
    /// <param name="host">Configures the connection further.</param>
    public static Task<QStashApp> Start(Uri api, int port, Action<IQStashBusFactoryConfigurator> configure, Action<IQStashHostConfigurator>? host = null) =>
        Start(api, port, (_, cfg) => configure(cfg), host);

    /// <summary>Starts a service whose endpoints do nothing with what they receive.</summary>
    public static Task<QStashApp> StartIdle(Uri api, int port, IEnumerable<string> endpoints, Action<IQStashHostConfigurator>? host = null) =>
        Start(api, port, (context, cfg) =>
        {
            foreach (var endpoint in endpoints)
            {
                cfg.ReceiveEndpoint(endpoint, e =>
                {
                    e.ConfigureConsumeTopology = false;
                    e.ConfigureConsumer<NoOpConsumer>(context);
                });
            }
        }, host);

    static async Task<QStashApp> Start(Uri api, int port, Action<IBusRegistrationContext, IQStashBusFactoryConfigurator> configure, Action<IQStashHostConfigurator>? host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<NoOpConsumer>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host($"http://127.0.0.1:{port}", h =>
                {
                    h.UseEmulator(api);
                    host?.Invoke(h);
                });
                configure(context, cfg);
            });
        });

        builder.Services.AddQStashHttpClient().UseSocketsHttpHandler((handler, _) => Certificate.Trust(handler));

        var app = builder.Build();

        // MassTransit logs through what it saw first in this flow, which may have ended with an earlier application.
        LogContext.ConfigureCurrentLogContext(app.Services.GetRequiredService<ILoggerFactory>());

        app.UseRouting();
        app.MapQStash();
        app.MapPost(BarePath, BareEndpoint.Read);
        app.MapPost(HashedPath, BareEndpoint.Hash);
        await app.StartAsync();
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(60));

        return new QStashApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
