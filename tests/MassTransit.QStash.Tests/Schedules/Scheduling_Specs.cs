using System.Net;
using MassTransit.DependencyInjection;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator.Snapshots;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Messages scheduled for later wait at QStash, and are cancelled by a label.
/// </summary>
public class A_scheduled_message
{
    static readonly Uri Queue = new("queue:charge-card");

    static Task<Service> StartOrdersAsync(Cloud cloud, string name = "orders") => cloud.StartServiceAsync(name, s => s.AddBus(
        x =>
        {
            x.AddQStashMessageScheduler();
            x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
        },
        (_, cfg) => cfg.UseQStashMessageScheduler()));

    static async Task<T> Schedule<T>(Service service, Func<IMessageScheduler, Task<T>> schedule)
    {
        await using var scope = service.Services.CreateAsyncScope();

        return await schedule(scope.ServiceProvider.GetRequiredService<IMessageScheduler>());
    }

    static async Task Cancel(Service service, ScheduledMessage scheduled)
    {
        await using var scope = service.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>()
            .CancelScheduledSend(scheduled.Destination, scheduled.TokenId, Cancellation);
    }

    static IReadOnlyList<MessageSnapshot> Waiting(Cloud cloud) => cloud.Emulator.GetSnapshot().User("defaultUser").Messages;

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 2)]
    [InlineData(1, 999, 2)]
    public async Task Is_never_early_for_QStash_knows_whole_seconds(int seconds, int milliseconds, int expectedSeconds)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var start = cloud.Clock.GetUtcNow();

        await Schedule(orders, x => x.ScheduleSend(Queue, start.AddSeconds(seconds).AddMilliseconds(milliseconds).UtcDateTime, new ChargeCard("42"), Cancellation));

        Assert.Equal(start.AddSeconds(expectedSeconds), Assert.Single(Waiting(cloud)).NotBefore);

        await cloud.AdvanceAsync(TimeSpan.FromSeconds(expectedSeconds) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(orders.Observed.Messages<ChargeCard>());

        await cloud.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Is_delivered_after_a_time_span_of_the_clock_of_the_bus()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var start = cloud.Clock.GetUtcNow();

        await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(3), new ChargeCard("42"), Cancellation));

        Assert.Equal(start.AddDays(3), Assert.Single(Waiting(cloud)).NotBefore);
    }

    [Fact]
    public async Task That_is_due_already_is_delivered_at_once()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);

        await Schedule(orders, x => x.ScheduleSend(Queue, cloud.Clock.GetUtcNow().AddMinutes(-5).UtcDateTime, new ChargeCard("42"), Cancellation));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Is_not_delivered_once_it_is_cancelled()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var cancelled = await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("1"), Cancellation));
        await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("2"), Cancellation));

        await Cancel(orders, cancelled);
        Assert.Single(Waiting(cloud));

        await cloud.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal([new ChargeCard("2")], orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Is_cancelled_from_another_process()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var scheduled = await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("42"), Cancellation));

        await using var other = await ServiceProcess.StartAsync(cloud, "work.test", "--cancel", scheduled.TokenId.ToString());
        await other.WaitForLineAsync("cancelled");

        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task That_is_published_is_cancelled_in_all_its_copies()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var zoo = await cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<IAnimal>>()));
        var kennel = await cloud.StartServiceAsync("kennel", s => s.AddBus(x => x.AddConsumer<Recorder<Dog>>()));

        var cancelled = await Schedule(orders, x => x.SchedulePublish(TimeSpan.FromHours(1), new Dog("Rex"), Cancellation));
        await Schedule(orders, x => x.SchedulePublish(TimeSpan.FromHours(1), new Dog("Laika"), Cancellation));
        Assert.Equal(4, Waiting(cloud).Count);

        await Cancel(orders, cancelled);
        await cloud.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(["Laika"], zoo.Observed.Messages<IAnimal>().Select(x => x.Name));
        Assert.Equal(["Laika"], kennel.Observed.Messages<Dog>().Select(x => x.Name));
    }

    [Fact]
    public async Task That_has_left_may_be_cancelled_all_the_same()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var scheduled = await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromSeconds(1), new ChargeCard("42"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(1));

        await Cancel(orders, scheduled);

        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    /// <summary>Refuses the first cancel, as QStash does when there are too many calls within a second (S3).</summary>
    sealed class BurstLimit(TimeProvider time) : DelegatingHandler
    {
        int _refused;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Method == HttpMethod.Delete && Interlocked.Exchange(ref _refused, 1) == 0
                ? new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { { "Burst-RateLimit-Reset", $"{time.GetUtcNow().ToUnixTimeSeconds() + 1}" } } }
                : await base.SendAsync(request, cancellationToken);
    }

    [Fact]
    public async Task Is_cancelled_as_soon_as_QStash_takes_calls_again()
    {
        await using var cloud = await Cloud.StartAsync();
        var timers = new TimerWatch(cloud.Clock);
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddSingleton<TimeProvider>(timers);
            s.AddBus(x => x.AddQStashMessageScheduler(), (_, cfg) => cfg.Host(h => h.Route("charge-card", new Uri("http://orders.test/qstash/charge-card"))));
            s.InterceptApi(() => new BurstLimit(cloud.Clock));
        });
        var scheduled = await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("42"), Cancellation));

        var cancelling = Cancel(orders, scheduled);
        var pause = await timers.WaitForTimerAsync(limit: TimeSpan.FromSeconds(5));
        cloud.Clock.Advance(pause);
        await cancelling;

        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task Is_cancelled_by_the_token_its_sender_chose()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var tokenId = NewId.NextGuid();

        var scheduled = await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("42"),
            Pipe.Execute<SendContext<ChargeCard>>(context => context.ScheduledMessageId = tokenId), Cancellation));
        Assert.Equal(tokenId, scheduled.TokenId);

        await Cancel(orders, scheduled);
        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task Of_the_delayed_scheduler_is_cancelled_too()
    {
        await using var cloud = await Cloud.StartAsync();
        var legacy = await cloud.StartServiceAsync("legacy", s => s.AddBus(x => x.AddDelayedMessageScheduler(), (_, cfg) => cfg.UseDelayedMessageScheduler()));
        var orders = await StartOrdersAsync(cloud);
        var scheduled = await Schedule(legacy, x => x.ScheduleSend(new Uri("http://orders.test/qstash/charge-card"), TimeSpan.FromHours(1), new ChargeCard("42"), Cancellation));

        await Cancel(orders, scheduled);

        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task Is_scheduled_and_cancelled_by_consumers()
    {
        await using var cloud = await Cloud.StartAsync();
        var tokens = new List<Guid>();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card"),
            (_, cfg) =>
            {
                cfg.UseQStashMessageScheduler();
                cfg.ReceiveEndpoint("orders", e =>
                {
                    e.Handler<OrderSubmitted>(async x =>
                    {
                        tokens.Add((await x.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("1"))).TokenId);
                        await x.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("2"));
                    });
                    e.Handler<CardCharged>(x => x.GetPayload<MessageSchedulerContext>().CancelScheduledSend(Queue, tokens[0]));
                });
            }));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        await orders.Publish(new CardCharged("42"));
        await cloud.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal([new ChargeCard("2")], orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Belongs_to_the_bus_it_was_scheduled_on()
    {
        await using var cloud = await Cloud.StartAsync();
        var service = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus();
            s.Services.AddMassTransit<IBillingBus>(x =>
            {
                x.AddQStashMessageScheduler();
                x.UsingQStash((_, cfg) =>
                {
                    s.UseCloud(cfg);
                    cfg.Host(h => h.PathPrefix("billing"));
                    cfg.ReceiveEndpoint("charge-card", e => e.Handler<ChargeCard>(_ => Task.CompletedTask));
                });
            });
        });
        await using var scope = service.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<Bind<IBillingBus, IMessageScheduler>>().Value;

        var scheduled = await scheduler.ScheduleSend(Queue, TimeSpan.FromHours(1), new ChargeCard("42"), Cancellation);
        Assert.Equal("http://orders.test/billing/charge-card", Assert.Single(Waiting(cloud)).Url);

        await scheduler.CancelScheduledSend(scheduled.Destination, scheduled.TokenId, Cancellation);
        Assert.Empty(Waiting(cloud));
    }

    public interface IBillingBus : IBus;

    [Fact]
    public async Task Needs_a_bus_on_QStash()
    {
        await using var provider = new ServiceCollection()
            .AddMassTransit(x =>
            {
                x.AddQStashMessageScheduler();
                x.UsingInMemory();
            })
            .BuildServiceProvider(true);
        await using var scope = provider.CreateAsyncScope();

        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => scheduler.SchedulePublish(TimeSpan.FromHours(1), new ChargeCard("42"), Cancellation));

        Assert.Contains("UsingQStash", exception.Message, StringComparison.Ordinal);
    }
}

public class A_message_that_failed
{
    [Fact]
    public async Task Comes_back_as_often_as_scheduled_redelivery_says()
    {
        await using var cloud = await Cloud.StartAsync();
        var attempts = new List<DateTimeOffset>();
        var start = cloud.Clock.GetUtcNow();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.UseQStashMessageScheduler();
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseScheduledRedelivery(r => r.Intervals(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)));
                e.Handler<OrderSubmitted>(_ =>
                {
                    attempts.Add(cloud.Clock.GetUtcNow());

                    return attempts.Count < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
                });
            });
        }));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal([start, start.AddMinutes(5), start.AddMinutes(35)], attempts);
    }
}
