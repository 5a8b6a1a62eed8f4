using MassTransit;

namespace Bridge.Bridging;

/// <summary>Publishes an event on the other bus, unless it came from there.</summary>
public sealed class PublishOn<TBus, TMessage>(TBus bus) : IConsumer<TMessage>
    where TBus : class, IBus
    where TMessage : class
{
    public Task Consume(ConsumeContext<TMessage> context) => context.HasCrossed()
        ? Task.CompletedTask
        : bus.Publish(context.Message, Crossing.Pipe(context), context.CancellationToken);
}
