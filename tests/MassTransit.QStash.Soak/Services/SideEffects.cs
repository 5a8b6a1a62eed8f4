using System.Security.Cryptography;
using System.Text;
using MassTransit.QStash.Soak.Judging;
using MassTransit.QStash.Soak.Messages;

namespace MassTransit.QStash.Soak.Services;

/// <summary>The kinds of messages that orders has beside its publishes: sends, scheduled ones, callbacks and recurring ones.</summary>
static class SideEffects
{
    public const string Shipments = "shipments";
    public const string Reminders = "reminders";
    public const string Reports = "reports";
    public const string Ticks = "ticks";

    /// <summary>How many schedules make a tick each minute.</summary>
    public const int Schedules = 10;

    const int Every = 50;
    static readonly TimeSpan ReminderDelay = TimeSpan.FromSeconds(3);

    /// <summary>What each order that <see cref="Has"/> some causes once.</summary>
    public static IReadOnlyList<string> OfAnOrder { get; } = [Shipments, Reminders, Reports];

    public static bool Has(int order) => order % Every == 0;

    /// <summary>The endpoints, and the schedules.</summary>
    /// <param name="cfg">The bus.</param>
    /// <param name="book">The inbox, and what has happened.</param>
    /// <param name="ledger">Who is told.</param>
    /// <param name="believesHeaders">Whether the inbox goes by the id in a header, which anybody can change.</param>
    public static void Configure(IQStashBusFactoryConfigurator cfg, OrderBook book, Ledger ledger, bool believesHeaders)
    {
        Endpoint(Shipments, e => e.Handler<ShipOrder>(context => SettleAsync(context, context.Message.Order)));
        Endpoint(Ticks, e => e.Handler<Tick>(context => SettleAsync(context, 0)));
        Endpoint(Reminders, e => e.Handler<RemindOrder>(context =>
        {
            if (DateTime.UtcNow < context.Message.Due)
                ledger.Write(LedgerKind.TooEarly, context.Message.Order, context);

            return SettleAsync(context, context.Message.Order);
        }));
        Endpoint(Reports, e =>
        {
            e.Handler<QStashDelivered>(context => context.TryGetSourceMessage<ShipOrder>(out var source)
                ? SettleAsync(context, source.Order)
                : throw new InvalidOperationException("A report about something else."));
            e.Handler<QStashDeliveryAttemptFailed>(context =>
            {
                ledger.Write(LedgerKind.Settled, 0, context);
                return Task.CompletedTask;
            });
        });

        // Their end is far away, and no copy brings it nearer.
        cfg.Schedules(static s =>
        {
            for (var schedule = 0; schedule < Schedules; schedule++)
            {
                s.Cron<Tick>($"{Ticks}-{schedule}", "* * * * *", "UTC", static x =>
                {
                    x.Message(static () => new Tick());
                    x.Destination(new Uri("queue:" + Ticks));
                    x.EndTime(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
                });
            }
        });

        void Endpoint(string name, Action<IQStashReceiveEndpointConfigurator> configure) => cfg.ReceiveEndpoint(name, e =>
        {
            e.UseTransportRetry();
            e.ConfigureConsumeTopology = false;
            configure(e);
        });

        async Task SettleAsync<T>(ConsumeContext<T> context, int order)
            where T : class
        {
            var id = believesHeaders
                ? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(context.ReceiveContext.GetQStashMessage()!.MessageId)).AsSpan(0, 16))
                : context.MessageId!.Value;
            await book.OnceAsync(id, () =>
            {
                book.Settle(new SideEffect(context.ReceiveContext.InputAddress.Segments[^1], order));
                return Task.CompletedTask;
            }, context.CancellationToken);
            ledger.Write(LedgerKind.Settled, order, context);
        }
    }

    /// <summary>Sends what an order causes, with the same ids each time.</summary>
    public static async Task SendAsync(IServiceProvider services, int order, int seed, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var shipments = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("queue:" + Shipments));
        await shipments.Send(new ShipOrder(order), x =>
        {
            x.MessageId = MessageIds.OfShipment(order, seed);
            // A callback has the retries of its message, and not their delay: a run would wait for hours.
            x.UseQStash(d => d.Callback = new("queue:" + Reports) { RetryDelay = ServiceHost.RetryDelay });
        }, cancellationToken);

        var due = DateTime.UtcNow + ReminderDelay;
        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().ScheduleSend(
            new Uri("queue:" + Reminders), due, new RemindOrder(order, due),
            Pipe.Execute<SendContext>(x => x.MessageId = MessageIds.OfReminder(order, seed)), cancellationToken);
    }
}
