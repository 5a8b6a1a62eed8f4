namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// Makes messages of their own of what a schedule repeats. The first of all filters, for nothing may see the context it replaces.
/// </summary>
sealed class TickFilter(Func<DateTimeOffset> now) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (!context.ReceiveContext.TryGetPayload(out QStashDelivery? delivery) || delivery.ScheduleId is null)
        {
            await next.Send(context).ConfigureAwait(false);
            return;
        }

        var tick = new TickConsumeContext(context.ReceiveContext, context.SerializerContext, delivery.MessageId, now());

        await next.Send(tick).ConfigureAwait(false);

        // Who called waits only for the context that was replaced.
        await tick.ConsumeCompleted.ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("tick");
}
