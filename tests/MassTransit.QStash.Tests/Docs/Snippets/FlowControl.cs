using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/flow-control.md.</summary>
static class FlowControl
{
    sealed record SendInvoice(string TenantId);

    sealed class ChargeCardConsumer : IConsumer<ChargeCard>
    {
        public Task Consume(ConsumeContext<ChargeCard> context) => Task.CompletedTask;
    }

    public static async Task Limit(IQStashBusFactoryConfigurator cfg, ISendEndpoint endpoint)
    {
        cfg.Send<ChargeCard>(x => x.UseDelivery(                                               // one key for the type
            d => d.FlowControl = new() { Key = "stripe", Rate = 10, Parallelism = 2 }));

        cfg.Send<SendInvoice>(x => x.UseFlowControl(                                           // one for each tenant
            context => $"tenant-{context.Message.TenantId}", rate: 100, period: TimeSpan.FromMinutes(1)));

        await endpoint.Send(new ChargeCard("42"), x => x.UseQStash(                            // one send
            d => d.FlowControl = new() { Key = "urgent", Rate = 50 }));

        cfg.Host(h => h.Delivery(d => d.FlowControl = new() { Key = "orders", Parallelism = 20 }));   // all this bus sends
    }

    public static void Pin(IQStashBusFactoryConfigurator cfg, IBusRegistrationContext context)
    {
        cfg.ReceiveEndpoint("charge-card", e =>
        {
            e.PinFlowControl("stripe", rate: 25);
            e.ConfigureConsumer<ChargeCardConsumer>(context);
        });
    }
}
