using MassTransit.QStash.Soak.Judging;
using MassTransit.QStash.Soak.Messages;

namespace MassTransit.QStash.Soak.Services;

/// <summary>Bills an order. The publish waits in the outbox until this returns, and goes out before the answer.</summary>
sealed class OrderSubmittedConsumer(Ledger ledger, ServiceSettings settings) : IConsumer<OrderSubmitted>
{
    public async Task Consume(ConsumeContext<OrderSubmitted> context)
    {
        var order = context.Message.Order;
        if (Poison.Is(order))
        {
            ledger.Write(LedgerKind.Rejected, order, context);
            throw new PoisonException();
        }

        await context.Publish(new OrderBilled(order), x => x.MessageId = MessageIds.OfBilled(order, settings.Seed), context.CancellationToken);
        ledger.Write(LedgerKind.Handled, order, context);
    }
}
