using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Orders;

public class ConfirmationConsumer(FlowTrace trace) : IConsumer<OrderSubmitted>
{
    public Task Consume(ConsumeContext<OrderSubmitted> context)
    {
        trace.Seen(FlowStep.OrderConfirmed, $"confirmation for {context.Message.Total} written");

        return Task.CompletedTask;
    }
}
