// A move from RabbitMQ to QStash, half done: the shop is still on RabbitMQ, billing is on QStash already, and neither knows. Between
// them the bridge, one process with both buses. Begin with Bridging/BridgeService.cs.
//
//   dotnet run --project samples/Bridge            runs until Ctrl+C
//   dotnet run --project samples/Bridge -- --once  exits with 0 when every step was seen, else with 1
//
// It needs a RabbitMQ, at amqp://guest:guest@localhost or at the setting RabbitMq; an emulator of QStash runs in this process.

using Bridge.Billing;
using Bridge.Bridging;
using Bridge.Running;
using Bridge.Shop;
using MassTransit;
using QStash.Emulator;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
var rabbitMq = configuration.GetValue<Uri>("RabbitMq") ?? new Uri("amqp://guest:guest@localhost");
var steps = new Steps();

var (billingAddress, bridgeAddress) = (Service.FreeAddress(), Service.FreeAddress());

await using var emulator = await QStashEmulator.StartAsync();
await using var billing = Service.Build(steps, billingAddress, services => services.AddBilling(billingAddress, UseEmulator));
await using var bridge = Service.Build(steps, bridgeAddress, services => services.AddBridge(
    bridgeAddress,
    h =>
    {
        UseEmulator(h);
        h.Route("charge-card", new Uri(billingAddress, "qstash/charge-card"));
    },
    UseRabbitMq));
await using var shop = Service.Build(steps, Service.FreeAddress(), services => services.AddMassTransit(x =>
{
    x.AddShop();
    UseRabbitMq(x);
}));

billing.MapQStash();
bridge.MapQStash();

foreach (var service in new[] { billing, bridge, shop })
    await service.StartAsync();

var qstash = (IBusControl)bridge.Services.GetRequiredService<IQStashBus>();
foreach (var bus in new[] { Bus(billing), Bus(bridge), qstash, Bus(shop) })
{
    if (await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30)) != BusHealthStatus.Healthy)
    {
        Console.WriteLine($"Failed: {bus.Address} is not connected.");
        Console.WriteLine($"Is there a RabbitMQ at {rabbitMq.Host}? The setting RabbitMq says where.");
        return 1;
    }
}

await using (var scope = shop.Services.CreateAsyncScope())
    await scope.ServiceProvider.PlaceOrder(99.90m);

var all = await steps.WaitForAll(TimeSpan.FromSeconds(30));
Console.WriteLine(all ? "Done: every step was seen" : $"Failed: not seen: {string.Join(", ", steps.Missing)}");

if (!args.Contains("--once"))
{
    Console.WriteLine("Press Ctrl+C to stop.");
    await shop.WaitForShutdownAsync();
}

foreach (var service in new[] { shop, bridge, billing })
    await service.StopAsync();

return all ? 0 : 1;

void UseEmulator(IQStashHostConfigurator h) => h.UseEmulator(emulator.Url);

void UseRabbitMq(IBusRegistrationConfigurator x) => x.UsingRabbitMq((context, cfg) =>
{
    cfg.Host(rabbitMq);
    // While QStash does not answer, a message waits in its queue.
    cfg.UseMessageRetry(r => r.Exponential(10, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2)));
    cfg.ConfigureEndpoints(context);
});

static IBusControl Bus(WebApplication service) => service.Services.GetRequiredService<IBusControl>();
