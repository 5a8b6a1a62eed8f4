using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Delivery;

/// <summary>
/// Gets what QStash reports, verified like any message.
/// </summary>
public class DeliveryReportConsumer(FlowTrace trace) : IConsumer<QStashDelivered>
{
    public Task Consume(ConsumeContext<QStashDelivered> context)
    {
        var delivered = context.Message;
        if (context.TryGetSourceMessage<PackOrder>(out var order))
            trace.Seen(FlowStep.DeliveryReported, $"order {order.OrderId} is being packed, says {delivered.Url} with {delivered.Status}");

        return Task.CompletedTask;
    }
}
