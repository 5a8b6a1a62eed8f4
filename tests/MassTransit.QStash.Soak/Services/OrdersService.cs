using MassTransit.QStash.Soak.Judging;
using MassTransit.QStash.Soak.Messages;

namespace MassTransit.QStash.Soak.Services;

/// <summary>Publishes orders from an outbox on disk, and marks those as billed that are, with an inbox on disk.</summary>
static class OrdersService
{
    public const string Name = "orders";

    const int Publishers = 64;

    public static async Task RunAsync(ServiceSettings settings)
    {
        var ledger = new Ledger();
        using var book = new OrderBook(settings.Folder);
        if (!settings.IsReplica)
            book.Place(settings.Orders);

        await using var app = ServiceHost.Build(settings, ledger,
            services => services.AddSingleton(book),
            static x =>
            {
                x.AddConsumer<OrderBilledConsumer>();
                x.AddQStashMessageScheduler();
            },
            (context, cfg) =>
            {
                cfg.ReceiveEndpoint(Name, e =>
                {
                    e.UseTransportRetry();
                    e.UseArrivalLedger<OrderBilled>(ledger, message => message.Order);
                    e.ConfigureConsumer<OrderBilledConsumer>(context, c => c.Message<OrderBilled>(m => m.UseFilter(new DurableInbox<OrderBilled>(book, ledger, message => message.Order))));
                });
                SideEffects.Configure(cfg, book, ledger, settings.Broken > 0);
            });

        await ServiceHost.RunAsync(app, () => settings.IsReplica ? Task.CompletedTask : PublishAsync(app.Services, book, ledger, settings.Seed));
    }

    // Until nothing is left in the outbox; what could not be published is tried again.
    static async Task PublishAsync(IServiceProvider services, OrderBook book, Ledger ledger, int seed)
    {
        var bus = services.GetRequiredService<IBus>();
        while (book.Unconfirmed() is { Count: > 0 } orders)
        {
            await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = Publishers }, async (order, cancellation) =>
            {
                ledger.Write(new LedgerEntry(LedgerKind.Sending, order));
                try
                {
                    await bus.Publish(new OrderSubmitted(order), x => x.MessageId = MessageIds.OfSubmitted(order, seed), cancellation);
                    if (SideEffects.Has(order))
                        await SideEffects.SendAsync(services, order, seed, cancellation);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    ledger.Write(new LedgerEntry(LedgerKind.NotAccepted, order));
                    return;
                }

                ledger.Write(new LedgerEntry(LedgerKind.Accepted, order));
                book.Confirm(order);
            });
        }
    }
}
