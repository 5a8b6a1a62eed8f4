using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A send whose answer was lost is repeated and arrives once; what is sent again on purpose is not swallowed (P6, S4).
/// </summary>
public class Sending_again
{
    /// <summary>Loses the answer to the first publish, after QStash accepted it.</summary>
    sealed class LostAnswer : DelegatingHandler
    {
        int _lost;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);

            if (request.RequestUri!.AbsolutePath.StartsWith("/v2/publish", StringComparison.Ordinal) && Interlocked.Exchange(ref _lost, 1) == 0)
                throw new HttpRequestException("The connection was reset.");

            return response;
        }
    }

    [Fact]
    public async Task After_a_lost_answer_delivers_one_copy()
    {
        await using var cloud = await Cloud.StartAsync();
        var timers = new TimerWatch(cloud.Clock);
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddSingleton<TimeProvider>(timers);
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.InterceptApi(() => new LostAnswer());
        });

        var publishing = orders.Publish(new OrderSubmitted("42"));
        var pause = await timers.WaitForTimerAsync(limit: TimeSpan.FromSeconds(5));
        Assert.False(publishing.IsCompleted);
        cloud.Clock.Advance(pause);

        await publishing;
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task With_the_same_id_as_an_outbox_does_delivers_one_copy()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        var messageId = NewId.NextGuid();

        for (var replay = 0; replay < 2; replay++)
            await orders.Bus.Publish(new OrderSubmitted("42"), x => x.MessageId = messageId, TestContext.Current.CancellationToken);
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task The_same_message_to_another_destination_delivers_it_there_too()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e => e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:second"))));
            cfg.ReceiveEndpoint("second", e => e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:third"))));
            cfg.ReceiveEndpoint("third", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));

        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Another_message_type_with_the_same_id_delivers_it_too()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddConsumer<Recorder<OrderSubmitted>>();
                x.AddConsumer<Recorder<ChargeCard>>();
            },
            (context, cfg) => cfg.ReceiveEndpoint("orders", e => e.ConfigureConsumers(context))));
        var messageId = NewId.NextGuid();
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:orders"));

        await endpoint.Send(new OrderSubmitted("42"), x => x.MessageId = messageId, TestContext.Current.CancellationToken);
        await endpoint.Send(new ChargeCard("42"), x => x.MessageId = messageId, TestContext.Current.CancellationToken);
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task By_two_consumers_of_one_delivery_delivers_both_copies()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e =>
            {
                e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:second")));
                e.Handler<OrderSubmitted>(x => x.Forward(new Uri("queue:second")));
            });
            cfg.ReceiveEndpoint("second", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));

        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(2, orders.Observed.Messages<OrderSubmitted>().Count);
    }

    [Fact]
    public async Task To_the_own_endpoint_over_and_over_arrives_each_time()
    {
        await using var cloud = await Cloud.StartAsync();
        var hops = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("loop",
            e => e.Handler<OrderSubmitted>(x => ++hops < 5 ? x.Forward(new Uri("queue:loop")) : Task.CompletedTask))));

        await orders.Send("queue:loop", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(5, hops);
    }

    [Fact]
    public async Task As_a_delayed_redelivery_arrives_each_time()
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.UseDelayedRedelivery(r => r.Intervals(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)));
            e.Handler<OrderSubmitted>(_ => ++attempts < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask);
        })));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(3, attempts);
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: TestContext.Current.CancellationToken)).Items);
    }

    [Fact]
    public async Task By_a_consumer_after_its_message_was_replayed_from_the_dead_letter_queue_arrives()
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = 0;
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("first", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.Handler<OrderSubmitted>(async x =>
                {
                    await x.Forward(new Uri("queue:second"));
                    if (++attempts == 1)
                        throw new InvalidOperationException("Failed after forwarding.");
                });
            });
            cfg.ReceiveEndpoint("second", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            });
        }));
        await orders.Send("queue:first", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        var deadLetter = Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: TestContext.Current.CancellationToken)).Items);
        await cloud.Client.DeadLetterQueue.RetryAsync(deadLetter.DlqId, cancellationToken: TestContext.Current.CancellationToken);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(2, attempts);
        Assert.Equal(2, orders.Observed.Messages<OrderSubmitted>().Count);
    }
}
