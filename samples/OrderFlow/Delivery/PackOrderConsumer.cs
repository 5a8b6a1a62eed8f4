using MassTransit;
using OrderFlow.Contracts;

namespace OrderFlow.Delivery;

public class PackOrderConsumer : IConsumer<PackOrder>
{
    public Task Consume(ConsumeContext<PackOrder> context) => Task.CompletedTask;
}
