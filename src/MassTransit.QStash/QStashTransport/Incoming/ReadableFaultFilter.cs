using MassTransit.Context;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Lets a failure be logged, published and answered whatever its exception is like.
/// </summary>
sealed class ReadableFaultFilter : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(new FaultContext(context)).ConfigureAwait(false);
        }
        catch (Exception exception) when (Readable(exception) is UnreadableException readable)
        {
            throw readable;
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("readableFault");

    // Who cancelled is told by the exception itself.
    static Exception Readable(Exception exception) => exception is OperationCanceledException ? exception : ReadableException.Of(exception);

    sealed class FaultContext(ConsumeContext context) : ConsumeContextProxy(context)
    {
        public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) =>
            base.NotifyFaulted(context, duration, consumerType, Readable(exception));
    }
}
