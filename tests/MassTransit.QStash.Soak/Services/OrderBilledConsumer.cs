using MassTransit.QStash.Soak.Messages;

namespace MassTransit.QStash.Soak.Services;

/// <summary>Marks an order as billed, within the transaction of <see cref="DurableInbox{T}"/>.</summary>
sealed class OrderBilledConsumer(OrderBook book) : IConsumer<OrderBilled>
{
    public Task Consume(ConsumeContext<OrderBilled> context)
    {
        book.MarkBilled(context.Message.Order);
        return Task.CompletedTask;
    }
}
