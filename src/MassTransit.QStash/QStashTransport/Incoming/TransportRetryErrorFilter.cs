using System.Runtime.ExceptionServices;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Rethrows the exception while QStash has retries left, so that the answer is 500. On the last attempt the message fails as usual, so that
/// the dead letter queue gets the reason.
/// </summary>
sealed class TransportRetryErrorFilter(TransportRetry retry) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (await retry.WillRetry(context, context.Exception).ConfigureAwait(false))
        {
            if (context.TryGetPayload(out QStashReceiveContext? receiveContext))
                receiveContext.HoldFault();

            // The exception is thrown through the whole pipeline, so MassTransit tells the observers of it.
            ExceptionDispatchInfo.Throw(context.Exception);
        }

        await next.Send(context).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("transportRetry");
}
