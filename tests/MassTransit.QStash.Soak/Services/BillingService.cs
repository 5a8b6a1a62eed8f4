using MassTransit.QStash.Soak.Messages;

namespace MassTransit.QStash.Soak.Services;

/// <summary>Consumes orders and publishes that they are billed, with MassTransit's inbox and outbox in memory.</summary>
static class BillingService
{
    public const string Name = "billing";

    public static async Task RunAsync(ServiceSettings settings)
    {
        var ledger = new Ledger();
        await using var app = ServiceHost.Build(settings, ledger,
            static services => services.AddInMemoryInboxOutbox(),
            static x => x.AddConsumer<OrderSubmittedConsumer>(),
            (context, cfg) => cfg.ReceiveEndpoint(Name, e =>
            {
                e.UseTransportRetry(r => r.Ignore<PoisonException>());
                e.UseArrivalLedger<OrderSubmitted>(ledger, message => message.Order);
                e.UseInMemoryInboxOutbox(context);
                e.ConfigureConsumer<OrderSubmittedConsumer>(context);
            }),
            // A call for each message; orders sends what comes together in batches.
            coalesceSends: false);

        if (settings.Broken > 0)
            AcknowledgeUnhandled(app, settings.Broken);

        await ServiceHost.RunAsync(app, static () => Task.CompletedTask);
    }

    // What a service does that answers first, means to handle the message afterwards, and dies in between.
    static void AcknowledgeUnhandled(WebApplication app, int every)
    {
        var deliveries = 0;
        app.Use((http, next) => Interlocked.Increment(ref deliveries) % every == 0 ? http.Response.CompleteAsync() : next(http));
    }
}
