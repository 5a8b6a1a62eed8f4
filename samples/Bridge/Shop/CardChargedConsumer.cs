using Bridge.Contracts;
using Bridge.Running;
using MassTransit;

namespace Bridge.Shop;

/// <summary>What billing publishes on QStash comes to the shop on RabbitMQ.</summary>
public sealed class CardChargedConsumer(Steps steps) : IConsumer<CardCharged>
{
    public Task Consume(ConsumeContext<CardCharged> context)
    {
        steps.Seen(BridgeStep.ShopKnowsOfTheCharge, context);
        return Task.CompletedTask;
    }
}
