using MassTransit;
using QStashService1.App.Contracts;

namespace QStashService1.App.Consumers;

public class OrderSubmittedConsumer(ILogger<OrderSubmittedConsumer> logger) : IConsumer<OrderSubmitted>
{
    public Task Consume(ConsumeContext<OrderSubmitted> context)
    {
        logger.LogInformation("Order {OrderId} was submitted", context.Message.OrderId);
        return Task.CompletedTask;
    }
}
