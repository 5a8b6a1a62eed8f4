namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/ordering.md.</summary>
static class Ordering
{
    sealed record CustomerMoved(int CustomerId);

    sealed record CustomerRenamed(int CustomerId);

    public static void KeepOrder(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Send<CustomerMoved>(x => x.UseOrderedDelivery(m => m.CustomerId, fifoQueues: 16));
        cfg.Send<CustomerRenamed>(x => x.UseOrderedDelivery(m => m.CustomerId, fifoQueues: 16));
    }
}
