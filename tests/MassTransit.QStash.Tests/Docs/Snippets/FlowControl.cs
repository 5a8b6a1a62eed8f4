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
        cfg.Send<ChargeCard>(x => x.UseFlowControl("stripe", rate: 10, parallelism: 2));      // one key for the type

        cfg.Send<SendInvoice>(x => x.UseFlowControl(                                          // one for each tenant
            context => $"tenant-{context.Message.TenantId}", rate: 100, period: TimeSpan.FromMinutes(1)));

        await endpoint.Send(new ChargeCard("42"), x => x.SetFlowControl("urgent", rate: 50)); // one send

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
