using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/deduplication.md.</summary>
static class Deduplication
{
    sealed record PriceChanged;

    sealed record Heartbeat;

    public static async Task OwnIds(IQStashBusFactoryConfigurator cfg, ISendEndpoint endpoint)
    {
        cfg.Send<ChargeCard>(x => x.UseDeduplicationId(context => context.Message.OrderId));   // sends and publishes of one type

        await endpoint.Send(new ChargeCard("42"), x => x.UseQStash(d => d.DeduplicationId = "charge-42"));     // one send
    }

    public static void Otherwise(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Send<PriceChanged>(x => x.UseDeduplication(QStashDeduplication.Content));   // equal members, equal message
        cfg.Send<Heartbeat>(x => x.UseDeduplication(QStashDeduplication.None));
    }
}
