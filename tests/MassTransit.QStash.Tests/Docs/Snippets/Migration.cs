namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/migration.md.</summary>
static class Migration
{
    public static void After(IBusRegistrationConfigurator x)
    {
        x.UsingQStash((context, cfg) =>
        {
            cfg.Host("https://orders.example.com");   // the public address of this service
            cfg.ReceiveEndpoint("submit-order", e =>
            {
                e.ConcurrentMessageLimit = 32;
                e.UseMessageRetry(r => r.Interval(3, TimeSpan.FromSeconds(5)));
                e.ConfigureConsumer<SubmitOrderConsumer>(context);
            });
            cfg.ConfigureEndpoints(context);
        });
    }

    sealed record SubmitOrder(string OrderId);

    sealed class SubmitOrderConsumer : IConsumer<SubmitOrder>
    {
        public Task Consume(ConsumeContext<SubmitOrder> context) => Task.CompletedTask;
    }
}
