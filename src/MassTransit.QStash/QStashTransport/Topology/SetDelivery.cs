using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// What a message type decides about its delivery.
/// </summary>
sealed class SetDelivery<T>(Action<QStashSendContext, SendContext<T>> set) : IMessageSendTopology<T>, IFilter<SendContext<T>>
    where T : class
{
    public void Apply(ITopologyPipeBuilder<SendContext<T>> builder) => builder.AddFilter(this);

    public Task Send(SendContext<T> context, IPipe<SendContext<T>> next)
    {
        if (context.TryGetPayload(out QStashSendContext? sendContext))
            set(sendContext, context);

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("setDelivery");
}
