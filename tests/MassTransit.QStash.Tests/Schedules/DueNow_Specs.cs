using System.Diagnostics;
using MassTransit.QStash.Tests.Support;
using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <summary>
/// MassTransit adds time spans to the system clock, callers may use the clock of the bus, and the bus may be on any clock.
/// </summary>
public class What_is_due_already
{
    public enum Clock
    {
        System,
        FarBehind,
        SlightlyBehind,
        Ahead,
        Running,
    }

    public enum Due
    {
        NoDelay,
        NegativeDelay,
        YesterdayOnTheSystemClock,
        NowOnTheClockOfTheBus,
        EarlierOnTheClockOfTheBus,
        Default,
        Smallest,
    }

    static readonly Uri Queue = new("queue:cards");

    public static readonly MatrixTheoryData<Clock, Due> All = new(Enum.GetValues<Clock>(), Enum.GetValues<Due>());

    static TimeProvider Create(Clock clock) => clock switch
    {
        Clock.System => TimeProvider.System,
        Clock.FarBehind => new VirtualClock(),
        Clock.SlightlyBehind => new VirtualClock(TimeProvider.System.GetUtcNow().AddMinutes(-90)),
        Clock.Ahead => new VirtualClock(TimeProvider.System.GetUtcNow().AddDays(40)),
        _ => VirtualClock.RealTime(),
    };

    static DateTime TimeOf(Due due, TimeProvider clock) => due switch
    {
        Due.NoDelay => DateTime.UtcNow,
        Due.NegativeDelay => DateTime.UtcNow - TimeSpan.FromMinutes(5),
        Due.YesterdayOnTheSystemClock => DateTime.UtcNow.AddDays(-1),
        Due.NowOnTheClockOfTheBus => clock.GetUtcNow().UtcDateTime,
        Due.EarlierOnTheClockOfTheBus => clock.GetUtcNow().UtcDateTime.AddHours(-1),
        Due.Default => default,
        _ => DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task Is_scheduled_for_now(Clock clock, Due due)
    {
        await using var cloud = await Cloud.StartAsync(Create(clock));
        var orders = await StartAsync(cloud);
        await using var scope = orders.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();

        await scheduler.SchedulePublish(TimeOf(due, cloud.Time), new ChargeCard("published"), Cancellation);
        await scheduler.ScheduleSend(Queue, TimeOf(due, cloud.Time), new ChargeCard("sent"), Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["published", "sent"], orders.Observed.Messages<ChargeCard>().Select(x => x.OrderId).Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-300)]
    public async Task Is_sent_at_once_by_consumers_too(int seconds)
    {
        var delay = TimeSpan.FromSeconds(seconds);
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, (_, cfg) => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(async context =>
        {
            await context.ScheduleSend(Queue, delay, new ChargeCard("scheduled"));
            await context.SchedulePublish(delay, new ChargeCard("published"));
            var endpoint = await context.GetSendEndpoint(Queue);
            await endpoint.Send(new ChargeCard("delayed"), x => x.Delay = delay);
            await context.Publish(new ChargeCard("delayed too"), x => x.Delay = delay);
        })));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["delayed", "delayed too", "published", "scheduled"], orders.Observed.Messages<ChargeCard>().Select(x => x.OrderId).Order());
    }

    [Theory]
    [InlineData("delayed", 0)]
    [InlineData("delayed", -5000)]
    [InlineData("scheduled", 0)]
    [InlineData("scheduled", -5000)]
    [InlineData("deferred", 0)]
    [InlineData("deferred", -5000)]
    public async Task Is_redelivered_at_once(string way, int milliseconds)
    {
        var attempts = 0;
        var delay = TimeSpan.FromMilliseconds(milliseconds);
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            if (way == "delayed")
                e.UseDelayedRedelivery(r => r.Intervals(delay, delay));
            if (way == "scheduled")
                e.UseScheduledRedelivery(r => r.Intervals(delay, delay));

            e.Handler<OrderSubmitted>(async context =>
            {
                if (++attempts == 3)
                    return;
                if (way != "deferred")
                    throw new InvalidOperationException("Not yet.");

                await context.DeferDelivery(delay);
            });
        }));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Ticks_from_the_start_where_it_recurs()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);
        await using var scope = orders.Services.CreateAsyncScope();
        var recurring = scope.ServiceProvider.GetRequiredService<IRecurringMessageScheduler>();

        foreach (var start in new DateTimeOffset?[] { null, default(DateTimeOffset), DateTimeOffset.Now, DateTimeOffset.UtcNow.AddDays(-1), cloud.Clock.GetUtcNow(), cloud.Clock.GetUtcNow().AddDays(-1) })
            await recurring.ScheduleRecurringSend(Queue, new EveryMinute($"{start:O}", start), new ChargeCard($"{start:O}"), Cancellation);
        await recurring.ScheduleRecurringSend(Queue, new EveryMinute("later", cloud.Clock.GetUtcNow().AddHours(1)), new ChargeCard("later"), Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(6, orders.Observed.Messages<ChargeCard>().Count);
        Assert.DoesNotContain(new ChargeCard("later"), orders.Observed.Messages<ChargeCard>());

        await cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Contains(new ChargeCard("later"), orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Is_not_what_is_due_in_a_year_of_the_clock_of_the_bus()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);
        await using var scope = orders.Services.CreateAsyncScope();
        var due = cloud.Clock.GetUtcNow().AddDays(364);

        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().ScheduleSend(Queue, due.UtcDateTime, new ChargeCard("42"), Cancellation);

        Assert.Equal(due, Assert.Single(cloud.Emulator.GetSnapshot().User("defaultUser").Messages).NotBefore);
    }

    static Task<Service> StartAsync(Cloud cloud, Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure = null) => cloud.StartServiceAsync("orders", s => s.AddBus(
        x =>
        {
            x.AddQStashMessageScheduler();
            x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "cards");
        },
        (context, cfg) =>
        {
            cfg.UseQStashMessageScheduler();
            configure?.Invoke(context, cfg);
        }));

    sealed class EveryMinute : DefaultRecurringSchedule
    {
        public EveryMinute(string id, DateTimeOffset? start)
        {
            ScheduleId = id.Length == 0 ? "none" : id;
            ScheduleGroup = "cards";
            CronExpression = "0 * * * * ?";
            if (start is not null)
                StartTime = start.Value;
        }
    }
}

public class A_redelivery_within_a_second
{
    [Theory]
    [InlineData("delayed")]
    [InlineData("scheduled")]
    [InlineData("deferred")]
    public async Task Waits_in_the_process(string way)
    {
        var attempts = new List<TimeSpan>();
        var since = Stopwatch.StartNew();
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, way, context =>
        {
            attempts.Add(since.Elapsed);

            return attempts.Count == 3;
        });

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        // The clock of QStash does not move.
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(3, attempts.Count);
        Assert.All(attempts.Zip(attempts.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromMilliseconds(40), $"{pair.Second - pair.First}"));
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Is_not_lost_when_the_application_stops_meanwhile()
    {
        var consuming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var first = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.Configure<MassTransitHostOptions>(x => x.ConsumerStopTimeout = TimeSpan.Zero);
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseDelayedRedelivery(r => r.Interval(1, TimeSpan.FromMilliseconds(999)));
                e.Handler<OrderSubmitted>(_ =>
                {
                    consuming.TrySetResult();
                    throw new InvalidOperationException("Not yet.");
                });
            }));
        });
        await first.Send("queue:orders", new OrderSubmitted("42"));
        await consuming.Task.WaitAsync(Cancellation);

        await first.StopAsync();
        var second = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.Equal([new OrderSubmitted("42")], second.Observed.Messages<OrderSubmitted>());
    }

    static Task<Service> StartAsync(Cloud cloud, string way, Func<ConsumeContext, bool> succeeds)
    {
        var delay = TimeSpan.FromMilliseconds(50);

        return cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.UseQStashMessageScheduler();
            cfg.ReceiveEndpoint("orders", e =>
            {
                if (way == "delayed")
                    e.UseDelayedRedelivery(r => r.Intervals(delay, delay));
                if (way == "scheduled")
                    e.UseScheduledRedelivery(r => r.Intervals(delay, delay));

                e.Handler<OrderSubmitted>(async context =>
                {
                    if (succeeds(context))
                        return;
                    if (way != "deferred")
                        throw new InvalidOperationException("Not yet.");

                    await context.DeferDelivery(delay);
                });
            });
        }));
    }
}
