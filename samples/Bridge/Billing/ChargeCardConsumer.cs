using Bridge.Contracts;
using Bridge.Running;
using MassTransit;

namespace Bridge.Billing;

/// <summary>Does what was asked for on RabbitMQ, and tells everybody on QStash.</summary>
public sealed class ChargeCardConsumer(Steps steps) : IConsumer<ChargeCard>
{
    public Task Consume(ConsumeContext<ChargeCard> context)
    {
        steps.Seen(BridgeStep.CardCharged, context);
        return context.Publish(new CardCharged(context.Message.OrderId));
    }
}
