using System.Globalization;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// The process that row 6 starts: a service that tells when it has started.
/// </summary>
static class ServiceOfManyEndpoints
{
    public const string Argument = "--endpoints";
    public const string Started = "started";

    public const string QStash = "qstash";
    public const string Deployed = "deployed";
    public const string InMemory = "memory";
    public const string RabbitMq = "rabbitmq";

    /// <param name="options">The transport, how many endpoints, and the address of the broker or of the API.</param>
    public static async Task Run(string[] options)
    {
        var (transport, count, address) = (options[0], int.Parse(options[1], CultureInfo.InvariantCulture), new Uri(options[2]));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<NoOpConsumer>();

            if (transport == RabbitMq)
            {
                x.UsingRabbitMq((context, cfg) =>
                {
                    cfg.Host(address);
                    Configure(cfg, context);
                });
            }
            else if (transport == InMemory)
                x.UsingInMemory((context, cfg) => Configure(cfg, context));
            else
            {
                x.UsingQStash((context, cfg) =>
                {
                    cfg.Host("http://127.0.0.1:5000", h =>
                    {
                        h.UseEmulator(address);
                        h.DeployTopology(transport == Deployed);
                    });
                    Configure(cfg, context);
                });
            }
        });

        var app = builder.Build();

        if (transport is QStash or Deployed)
            app.MapQStash();

        await app.StartAsync();

        if (transport == Deployed)
            await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromMinutes(1));

        Console.WriteLine(Started);
        await app.WaitForShutdownAsync();

        void Configure<T>(IBusFactoryConfigurator<T> cfg, IBusRegistrationContext context)
            where T : IReceiveEndpointConfigurator
        {
            for (var i = 0; i < count; i++)
                cfg.ReceiveEndpoint($"orders-{i}", e => e.ConfigureConsumer<NoOpConsumer>(context));
        }
    }
}
