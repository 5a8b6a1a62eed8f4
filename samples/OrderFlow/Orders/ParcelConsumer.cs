using System.Collections.Concurrent;
using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Orders;

/// <summary>
/// Follows a parcel. It fails once on its way, to show that the next stops wait until QStash, to which the endpoint leaves retries, has
/// tried again.
/// </summary>
public class ParcelConsumer(FlowTrace trace) : IConsumer<ParcelMoved>
{
    static readonly ConcurrentQueue<string> Stops = new();

    public Task Consume(ConsumeContext<ParcelMoved> context)
    {
        if (context.Message.Stop == "on the way" && context.ReceiveContext.GetQStashMessage() is { Retried: 0 })
            throw new InvalidOperationException("The parcel was not scanned.");

        Stops.Enqueue(context.Message.Stop);

        if (context.Message.Stop == "delivered")
            trace.Seen(FlowStep.ParcelTracked, string.Join(", ", Stops));

        return Task.CompletedTask;
    }
}
