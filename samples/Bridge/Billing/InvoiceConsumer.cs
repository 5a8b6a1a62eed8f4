using Bridge.Contracts;
using Bridge.Running;
using MassTransit;

namespace Bridge.Billing;

/// <summary>Consumes an event that was published on RabbitMQ.</summary>
public sealed class InvoiceConsumer(Steps steps) : IConsumer<OrderSubmitted>
{
    public Task Consume(ConsumeContext<OrderSubmitted> context)
    {
        steps.Seen(BridgeStep.InvoiceWritten, context);
        return Task.CompletedTask;
    }
}
