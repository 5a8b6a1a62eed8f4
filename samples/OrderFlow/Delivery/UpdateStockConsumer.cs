using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Delivery;

/// <summary>
/// Must not run twice at a time, in none of the service's processes.
/// </summary>
public class UpdateStockConsumer(FlowTrace trace) : IConsumer<UpdateStock>
{
    static int _running;
    static int _done;

    public async Task Consume(ConsumeContext<UpdateStock> context)
    {
        if (Interlocked.Increment(ref _running) > 1)
            throw new InvalidOperationException("Somebody else is at it.");

        // The work.
        await Task.Delay(TimeSpan.FromMilliseconds(20));

        if (++_done == DeliverySteps.Articles)
            trace.Seen(FlowStep.TrafficLimited, $"{_done} articles updated, one at a time");

        Interlocked.Decrement(ref _running);
    }
}
