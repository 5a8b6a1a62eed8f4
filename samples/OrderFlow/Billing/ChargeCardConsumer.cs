using MassTransit;
using OrderFlow.Contracts;

namespace OrderFlow.Billing;

/// <summary>
/// Always fails, to show where a message goes that nobody can handle.
/// </summary>
public class ChargeCardConsumer : IConsumer<ChargeCard>
{
    public Task Consume(ConsumeContext<ChargeCard> context) =>
        throw new InvalidOperationException($"Card {context.Message.CardNumber} has expired.");
}
