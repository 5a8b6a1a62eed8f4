using MassTransit;

namespace QStash.Aspire.Service;

/// <summary>Notes the orders it gets.</summary>
public class OrderPlacedConsumer(Bills bills) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        bills.Add(context.Message.Id);
        return Task.CompletedTask;
    }
}
