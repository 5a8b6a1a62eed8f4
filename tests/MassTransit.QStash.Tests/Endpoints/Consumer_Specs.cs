using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public class An_in_memory_outbox
{
    sealed class PublishingConsumer : IConsumer<ChargeCard>
    {
        public async Task Consume(ConsumeContext<ChargeCard> context)
        {
            await context.Publish(new CardCharged(context.Message.OrderId));

            if (context.Message.OrderId == "bad")
                throw new InvalidOperationException("No money.");
        }
    }

    [Theory]
    [InlineData("42", 1)]
    [InlineData("bad", 0)]
    public async Task Publishes_only_what_a_consumer_did_that_succeeded(string orderId, int published)
    {
        await using var cloud = await Cloud.StartAsync();
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(
            x =>
            {
                x.AddConsumer<PublishingConsumer>();
                x.AddConsumer<Recorder<CardCharged>>();
            },
            (context, cfg) => cfg.UseInMemoryOutbox(context)));

        await billing.Publish(new ChargeCard(orderId));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(published, billing.Observed.Messages<CardCharged>().Count);
    }
}

public class Message_retry
{
    [Fact]
    public async Task Tries_again_within_one_delivery()
    {
        var attempts = 0;
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.UseMessageRetry(r => r.Immediate(3));
            e.Handler<OrderSubmitted>(context =>
            {
                Assert.False(context.ReceiveContext.Redelivered);
                return ++attempts < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
            });
        })));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(3, attempts);
    }
}

public class An_endpoint_connected_to_a_running_bus
{
    [Fact]
    public async Task Receives_until_it_is_stopped()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>()));
        var received = 0;

        var handle = orders.Bus.ConnectReceiveEndpoint("late", e => e.Handler<OrderSubmitted>(_ =>
        {
            received++;
            return Task.CompletedTask;
        }));
        await handle.Ready.WaitAsync(Cancellation);
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        Assert.Equal(1, received);

        await handle.StopAsync(Cancellation);
        await orders.Publish(new OrderSubmitted("43"));
        await orders.Publish(new ChargeCard("43"));
        await cloud.WaitUntilIdleAsync();
        Assert.Equal(1, received);
        // The other endpoints of the bus, and sending, go on.
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }
}
