using System.Diagnostics;
using MassTransit.QStash.Soak.Judging;

namespace MassTransit.QStash.Soak.Services;

/// <summary>
/// Lets a message have its effect once, however often it comes: its id is written in the same transaction. The consumer must
/// publish nothing, as what it publishes would not be in the transaction.
/// </summary>
sealed class DurableInbox<T>(OrderBook book, Ledger ledger, Func<T, int> order) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var started = Stopwatch.GetTimestamp();
        var isNew = await book.OnceAsync(context.MessageId!.Value, () => next.Send(context), context.CancellationToken);
        ledger.Write(isNew ? LedgerKind.Handled : LedgerKind.Recognized, order(context.Message), context);

        // Otherwise MassTransit takes the message for one that nobody wants, and it goes to the dead letter queue.
        if (!isNew)
            await context.NotifyConsumed(context, Stopwatch.GetElapsedTime(started), nameof(DurableInbox<>));
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("durableInbox");
}
