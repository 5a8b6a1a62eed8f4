using MassTransit.QStash.Benchmarks.Messages;

namespace MassTransit.QStash.Wake;

/// <summary>Consumes the message that wakes the service, and publishes another if that is asked for.</summary>
sealed class OrderConsumer(Orders orders) : IConsumer<OrderPlaced>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        if (orders.Publishes)
            await context.Publish(new OrderAccepted(context.Message.Id));

        orders.Done();
    }
}
