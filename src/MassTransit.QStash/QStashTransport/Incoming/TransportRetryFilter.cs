using MassTransit.Context;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Keeps consumers from publishing a fault, or answering a requester with one, for an attempt that is not the last.
/// </summary>
sealed class TransportRetryFilter(TransportRetry retry) : IFilter<ConsumeContext>
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next) => next.Send(new FaultHoldingContext(context, retry));

    public void Probe(ProbeContext context) => context.CreateFilterScope("transportRetry");

    sealed class FaultHoldingContext(ConsumeContext context, TransportRetry retry) : ConsumeContextProxy(context)
    {
        public override async Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        {
            if (await retry.WillRetry(ReceiveContext, exception).ConfigureAwait(false))
                await ReceiveContext.NotifyFaulted(context, duration, consumerType, ReadableException.Of(exception)).ConfigureAwait(false);
            else
                await base.NotifyFaulted(context, duration, consumerType, exception).ConfigureAwait(false);
        }
    }
}
