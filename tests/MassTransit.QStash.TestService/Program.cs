// Usage: MassTransit.QStash.TestService <emulator url> <public address> [--idle] [--hang] [--cancel <token>]
// Tells on standard output where it listens and what it does with each message. With --idle it calls nobody at its start, with --hang it
// never finishes a message, with --cancel it cancels a scheduled message.

using MassTransit;
using MassTransit.QStash.TestService;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

var builder = WebApplication.CreateSlimBuilder();

builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.ClearProviders();
builder.Services.AddMassTransit(x =>
{
    x.AddQStashMessageScheduler();
    x.UsingQStash((_, cfg) =>
    {
        cfg.Host(args[1], h =>
        {
            h.UseEmulator(new Uri(args[0]));
            h.DeployTopology(!args.Contains("--idle"));
        });

        cfg.ReceiveEndpoint("work", e => e.Handler<WorkOrdered>(async context =>
        {
            Console.WriteLine($"consuming {context.Message.Id}");

            if (args.Contains("--hang"))
                await Task.Delay(Timeout.Infinite, context.CancellationToken);

            Console.WriteLine($"consumed {context.Message.Id}");
        }));
    });
});

var app = builder.Build();
app.MapQStash();
await app.StartAsync();
await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, CancellationToken.None);

Console.WriteLine($"listening {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}");

if (args is [.., "--cancel", var token])
{
    await using var scope = app.Services.CreateAsyncScope();
    await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().CancelScheduledSend(new Uri("queue:work"), Guid.Parse(token));
    Console.WriteLine("cancelled");
}

await app.WaitForShutdownAsync();
