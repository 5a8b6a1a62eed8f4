using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Billing;

/// <summary>
/// Always fails, to show where a message goes that nobody can handle.
/// </summary>
public class ChargeCardConsumer(FlowTrace trace) : IConsumer<ChargeCard>
{
    public Task Consume(ConsumeContext<ChargeCard> context)
    {
        if (context.ReceiveContext.TryGetPayload(out QStashMessageContext? delivery))
            trace.Fails(delivery.MessageId);

        throw new InvalidOperationException($"Card {context.Message.CardNumber} has expired.");
    }
}
