using MassTransit;
using OrderFlow.Contracts;
using OrderFlow.Running;

namespace OrderFlow.Time;

public class CountStockConsumer(FlowTrace trace) : IConsumer<CountStock>
{
    public Task Consume(ConsumeContext<CountStock> context)
    {
        trace.Print("Stock", $"counted in {context.Message.Warehouse}");

        return Task.CompletedTask;
    }
}
