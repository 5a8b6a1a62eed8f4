using MassTransit.Context;
using MassTransit.QStashTransport.Reports;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Makes sure that a failure can be logged, published and answered, whatever its exception is like. If a consumer throws after it was
/// cancelled, the exception counts as its cancellation, whichever token it names: QStash repeats the attempt, so no fault is published.
/// </summary>
sealed class FaultFilter : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(new FaultContext(context)).ConfigureAwait(false);
        }
        catch (Exception exception) when (context.CancellationToken.IsCancellationRequested)
        {
            var readable = ReadableException.Of(exception);
            throw new OperationCanceledException(readable.Message, readable, context.CancellationToken);
        }
        catch (Exception exception) when ((Readable(exception) as UnreadableException ?? HiddenBy(exception, context)) is { } readable)
        {
            throw readable;
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("fault");

    // A cancellation stays as it is, because the exception itself names the token that was cancelled.
    static Exception Readable(Exception exception) => exception is OperationCanceledException ? exception : ReadableException.Of(exception);

    // When traces are collected, MassTransit reads what a consumer has thrown, after the fault. If that throws, the new exception takes the
    // place of the consumer's.
    static UnreadableException? HiddenBy(Exception exception, ConsumeContext context) =>
        exception is not OperationCanceledException && context.TryGetPayload(out QStashReceiveContext? receiveContext)
            ? receiveContext.LastFault as UnreadableException
            : null;

    sealed class FaultContext(ConsumeContext context) : ConsumeContextProxy(context)
    {
        public override async Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        {
            var readable = Readable(exception);

            try
            {
                await base.NotifyFaulted(context, duration, consumerType, readable).ConfigureAwait(false);
            }
            // MassTransit then sends a ReceiveFault, which has the exception only.
            catch (Exception failure) when (UnsendableFault.Is(failure))
            {
                LogContext.Error?.Log(failure, "The fault of {MessageType} {MessageId} cannot be sent, so it goes without the message",
                    TypeCache<T>.ShortName, context.MessageId);
            }
        }
    }
}
