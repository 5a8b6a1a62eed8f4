using MassTransit.QStash.Benchmarks.Messages;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// The process that row 6 starts: a service that tells when it handled its first message, or its first request.
/// </summary>
static class ColdService
{
    public const string Argument = "--cold";
    public const string Done = "handled";

    public const string QStash = "qstash";
    public const string InMemory = "memory";
    public const string Bare = "bare";

    public static string[] Transports => [QStash, InMemory, Bare];

    public static async Task Run(string transport, string api)
    {
        var port = FreePort.Take();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();

        if (transport != Bare)
        {
            // In place of asking for the health, which would be every 100 ms.
            builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
            builder.Services.AddMassTransit(x =>
            {
                x.AddHandler((OrderPlaced _) => Console.Out.WriteLineAsync(Done));

                if (transport == QStash)
                {
                    x.UsingQStash((context, cfg) =>
                    {
                        cfg.Host($"http://127.0.0.1:{port}", h => h.UseEmulator(new Uri(api)));
                        cfg.ConfigureEndpoints(context);
                    });
                }
                else
                    x.UsingInMemory((context, cfg) => cfg.ConfigureEndpoints(context));
            });
        }

        var app = builder.Build();

        if (transport == QStash)
            app.MapQStash();

        app.MapPost("/", async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            await Console.Out.WriteLineAsync(Done);
        });

        await app.StartAsync();

        if (transport == Bare)
        {
            using var client = new HttpClient();
            using var response = await client.PostAsync(new Uri($"http://127.0.0.1:{port}/"), new StringContent("{}"));
        }
        else
        {
            var bus = app.Services.GetRequiredService<IBus>();
            await bus.Publish(new OrderPlaced(1, 0, ""));
        }

        await app.WaitForShutdownAsync();
    }
}
