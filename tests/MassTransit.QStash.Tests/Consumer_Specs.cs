using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class Batch_consumers
{
    sealed class OrderBatchConsumer(Observed observed) : IConsumer<Batch<OrderSubmitted>>
    {
        public Task Consume(ConsumeContext<Batch<OrderSubmitted>> context)
        {
            foreach (var message in context.Message)
                observed.Add(message);

            return context.RespondAsync(new CardCharged($"{context.Message.Length}"));
        }
    }

    [Fact]
    public async Task Get_as_many_messages_as_there_are_requests_open()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<OrderBatchConsumer>(
            consumer => consumer.Options<BatchOptions>(options => options.SetMessageLimit(10).SetTimeLimit(TimeSpan.FromSeconds(20))))));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(10, orders.Observed.Messages<OrderSubmitted>().Count);
    }
}

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
        await handle.Ready.WaitAsync(TestContext.Current.CancellationToken);
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        Assert.Equal(1, received);

        await handle.StopAsync(TestContext.Current.CancellationToken);
        await orders.Publish(new OrderSubmitted("43"));
        await orders.Publish(new ChargeCard("43"));
        await cloud.WaitUntilIdleAsync();
        Assert.Equal(1, received);
        // The other endpoints of the bus, and sending, go on.
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }
}

public class A_kill_switch
{
    [Fact]
    public async Task Stops_the_endpoint_and_QStash_keeps_the_messages_until_it_is_back()
    {
        var failing = true;
        var switched = new KillSwitchObserver();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseKillSwitch(k => k.SetActivationThreshold(2).SetTripThreshold(1).SetRestartTimeout(s: 1));
                e.RethrowFaultedMessages();
                e.ConnectReceiveEndpointObserver(switched);
                e.UseExecute(_ =>
                {
                    if (failing)
                        throw new InvalidOperationException("The database is down.");
                });
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            })));

        for (var i = 0; i < 5; i++)
            await orders.Publish(new OrderSubmitted($"{i}"));
        await switched.Off.WaitAsync(TestContext.Current.CancellationToken);
        failing = false;
        await switched.OnAgain.WaitAsync(TestContext.Current.CancellationToken);
        await cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["0", "1", "2", "3", "4"], orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId).Order());
    }

    sealed class KillSwitchObserver : IReceiveEndpointObserver
    {
        readonly TaskCompletionSource _off = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _onAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Off => _off.Task;
        public Task OnAgain => _onAgain.Task;

        public Task Ready(ReceiveEndpointReady ready)
        {
            if (Off.IsCompleted)
                _onAgain.TrySetResult();

            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping)
        {
            _off.TrySetResult();

            return Task.CompletedTask;
        }

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }
}
