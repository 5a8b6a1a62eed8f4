using MassTransit;

namespace Bridge.Bridging;

/// <summary>
/// Asks on the other bus and answers with its answer. A fault over there becomes a fault here.
/// </summary>
public sealed class AskOn<TBus, TRequest, TResponse>(TBus bus) : IConsumer<TRequest>
    where TBus : class, IBus
    where TRequest : class
    where TResponse : class
{
    public async Task Consume(ConsumeContext<TRequest> context)
    {
        var client = bus.CreateRequestClient<TRequest>(RequestTimeout.After(s: 30));
        var response = await client.GetResponse<TResponse>(context.Message, context.CancellationToken);

        await context.RespondAsync(response.Message);
    }
}
