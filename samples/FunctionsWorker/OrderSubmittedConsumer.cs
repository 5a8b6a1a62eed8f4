using MassTransit;
using Microsoft.Extensions.Logging;

namespace FunctionsWorker;

public sealed partial class OrderSubmittedConsumer(ILogger<OrderSubmittedConsumer> logger) : IConsumer<OrderSubmitted>
{
    public Task Consume(ConsumeContext<OrderSubmitted> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Submitted(logger, context.Message.OrderId);

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Order {OrderId} was submitted")]
    static partial void Submitted(ILogger logger, Guid orderId);
}
