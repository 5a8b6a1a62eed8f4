using MassTransit.Context;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Lets a failure be logged, published and answered whatever its exception is like. What a consumer throws after it was cancelled is
/// taken for its cancellation, whichever token it names: nobody waits for the fault of an attempt that QStash repeats.
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
        catch (Exception exception) when (Readable(exception) is UnreadableException readable)
        {
            throw readable;
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("fault");

    // Who cancelled is told by the exception itself.
    static Exception Readable(Exception exception) => exception is OperationCanceledException ? exception : ReadableException.Of(exception);

    sealed class FaultContext(ConsumeContext context) : ConsumeContextProxy(context)
    {
        public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) =>
            base.NotifyFaulted(context, duration, consumerType, Readable(exception));
    }
}
