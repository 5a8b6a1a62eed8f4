using MassTransit.QStash.Soak.Judging;
using QStash.Client;

namespace MassTransit.QStash.Soak.Services;

/// <summary>What both services have in common.</summary>
static class ServiceHost
{
    // Together more than two minutes: longer than a process that was killed needs to come back on a busy machine.
    const int Retries = 30;

    public static QStashRetryDelay RetryDelay { get; } = QStashRetryDelay.Exponential(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5));

    public static WebApplication Build(
        ServiceSettings settings, Ledger ledger, Action<IServiceCollection> addServices, Action<IBusRegistrationConfigurator> addConsumers,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator> addEndpoints, bool coalesceSends = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.Port}");
        // Standard output is the ledger.
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(ledger).AddSingleton(settings);
        addServices(builder.Services);
        builder.Services.AddMassTransit(x =>
        {
            addConsumers(x);
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(settings.Address, h =>
                {
                    h.UseEmulator(settings.Api);
                    h.CoalesceSends(coalesceSends);
                    h.Delivery(d =>
                    {
                        d.Retries = Retries;
                        d.RetryDelay = RetryDelay;
                    });
                });
                addEndpoints(context, cfg);
            });
        });

        var app = builder.Build();
        app.UseAnswerLedger(ledger);
        return app;
    }

    /// <summary>Runs until it is killed.</summary>
    /// <param name="app">The service.</param>
    /// <param name="ready">What to do once the bus is healthy.</param>
    public static async Task RunAsync(WebApplication app, Func<Task> ready)
    {
        app.MapQStash();
        await app.StartAsync();
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, CancellationToken.None);
        app.Services.GetRequiredService<Ledger>().Write(new LedgerEntry(LedgerKind.Ready));
        await ready();
        await app.WaitForShutdownAsync();
    }
}
