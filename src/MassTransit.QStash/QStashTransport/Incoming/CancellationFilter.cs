namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Takes what a consumer throws after it was cancelled for its cancellation, whatever it is and whichever token it names: nobody waits
/// for the fault of an attempt that QStash repeats.
/// </summary>
sealed class CancellationFilter : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, context.CancellationToken);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("cancellation");
}
