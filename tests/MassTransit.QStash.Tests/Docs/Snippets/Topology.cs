using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/topology.md.</summary>
static class Topology
{
    sealed class CacheInvalidator : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context) => Task.CompletedTask;
    }

    public static void Names(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Message<OrderSubmitted>(x => x.SetEntityName("order-submitted"));     // or [EntityName("order-submitted")] on the type
        cfg.MessageTopology.SetEntityNameFormatter(new PrefixEntityNameFormatter(cfg.MessageTopology.EntityNameFormatter, "dev."));

        cfg.Host(h => h.ServiceName("orders"));
    }

    public static async Task LeftBehind(IBus bus, CancellationToken cancellationToken)
    {
        foreach (var stale in await bus.GetStaleSubscriptions(cancellationToken))
            Console.WriteLine($"{stale.UrlGroup}: {stale.Url}, {stale.Reason}");

        await bus.RemoveStaleSubscriptions(cancellationToken);
    }

    public static void Deployment(IQStashBusFactoryConfigurator cfg, string[] args)
    {
        cfg.DeployTopologyOnly = args.Contains("--deploy");           // joins, and takes no deliveries
        cfg.Host(h => h.DeployTopology(args.Contains("--deploy")));   // otherwise no call at all
    }

    public static void Temporary(IBusRegistrationConfigurator x, IQStashBusFactoryConfigurator cfg, string instance)
    {
        x.AddConsumer<CacheInvalidator>().Endpoint(e =>
        {
            e.InstanceId = instance;
            e.Temporary = true;
        });

        cfg.Host(h => h.InstanceBaseAddress(new Uri($"https://{instance}.example.com")));
    }

    public static void Directory(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h => h.UseDirectory());
    }
}
