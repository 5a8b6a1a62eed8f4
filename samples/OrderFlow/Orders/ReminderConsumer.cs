using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Orders;

public class ReminderConsumer(FlowTrace trace) : IConsumer<RemindCustomer>
{
    public Task Consume(ConsumeContext<RemindCustomer> context)
    {
        trace.Seen(FlowStep.CustomerReminded, $"scheduled {(DateTime.UtcNow - context.SentTime)?.TotalSeconds:N1} s ago");

        return Task.CompletedTask;
    }
}
