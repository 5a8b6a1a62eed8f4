using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Orders;

public class ChargeFailedConsumer(FlowTrace trace) : IConsumer<Fault<ChargeCard>>
{
    public Task Consume(ConsumeContext<Fault<ChargeCard>> context)
    {
        trace.Seen(FlowStep.ChargeFailed, $"billing says: {context.Message.Exceptions[0].Message}");

        return Task.CompletedTask;
    }
}
