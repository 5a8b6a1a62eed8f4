using MassTransit;

namespace Bridge.Bridging;

/// <summary>Sends a command to the endpoint of the same name on the other bus.</summary>
public sealed class SendOn<TBus, TMessage>(TBus bus) : IConsumer<TMessage>
    where TBus : class, IBus
    where TMessage : class
{
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"queue:{context.ReceiveContext.InputAddress.Segments[^1]}"));

        await endpoint.Send(context.Message, Crossing.Pipe(context), context.CancellationToken);
    }
}
