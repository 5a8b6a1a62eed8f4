using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Billing;

public class InvoiceConsumer(FlowTrace trace) : IConsumer<OrderSubmitted>
{
    public Task Consume(ConsumeContext<OrderSubmitted> context)
    {
        trace.Seen(FlowStep.InvoiceWritten, $"invoice over {context.Message.Total} written");

        return Task.CompletedTask;
    }
}
