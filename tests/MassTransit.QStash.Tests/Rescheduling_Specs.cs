using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator;
using QStash.Emulator.Faults;
using QStash.Emulator.Snapshots;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A message that is due later than the plan lets QStash keep it (contract section 8).
/// </summary>
public class A_message_for_the_far_future
{
    static readonly QuotaPlan Week = QuotaPlan.None with { MaxDelay = TimeSpan.FromDays(7) };
    static readonly Uri Queue = new("queue:charge-card");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static Task<Service> StartOrdersAsync(Cloud cloud, Action<IQStashHostConfigurator>? host = null, bool consumes = true, string name = "orders") => cloud.StartServiceAsync(name, s => s.AddBus(
        x =>
        {
            x.AddQStashMessageScheduler();
            if (consumes)
                x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
        },
        (_, cfg) => cfg.Host(h => host?.Invoke(h))));

    static void AllowRescheduling(IQStashHostConfigurator host) => host.AllowRescheduling();

    static async Task<T> Schedule<T>(Service service, Func<IMessageScheduler, Task<T>> schedule)
    {
        await using var scope = service.Services.CreateAsyncScope();

        return await schedule(scope.ServiceProvider.GetRequiredService<IMessageScheduler>());
    }

    static IReadOnlyList<MessageSnapshot> Waiting(Cloud cloud) => cloud.Emulator.GetSnapshot().User("defaultUser").Messages;

    [Fact]
    public async Task Is_refused_with_the_limit_of_the_plan()
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud);

        var exception = await Assert.ThrowsAsync<MessageException>(() =>
            Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(30), new ChargeCard("42"), Cancellation)));

        Assert.Contains("7.00:00:00", exception.Message, StringComparison.Ordinal);
        Assert.Contains("AllowRescheduling", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task Is_refused_with_the_limit_also_when_it_is_published_to_many()
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud);
        await cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<IAnimal>>()));

        var exception = await Assert.ThrowsAsync<MessageException>(() =>
            Schedule(orders, x => x.SchedulePublish(TimeSpan.FromDays(30), new Dog("Rex"), Cancellation)));

        Assert.Contains("7.00:00:00", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_refused_with_the_limit_the_service_set_itself()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud, h => h.MaxDelay(TimeSpan.FromDays(2)));

        await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(2), new ChargeCard("42"), Cancellation));
        var exception = await Assert.ThrowsAsync<MessageException>(() =>
            Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(3), new ChargeCard("42"), Cancellation)));

        Assert.Contains("2.00:00:00", exception.Message, StringComparison.Ordinal);
        Assert.Single(Waiting(cloud));
    }

    [Fact]
    public async Task Cannot_have_a_limit_that_is_none()
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => cloud.Build("orders", s => s.AddBus(null, (_, cfg) => cfg.Host(h => h.MaxDelay(TimeSpan.Zero)))));

        Assert.Contains("QStash:MaxDelay", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(30)]
    [InlineData(365)]
    public async Task Arrives_in_time_and_once_where_rescheduling_is_allowed(int days)
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud, AllowRescheduling, consumes: false);
        var billing = await StartOrdersAsync(cloud, name: "billing");

        await Schedule(orders, x => x.ScheduleSend(new Uri("http://billing.test/qstash/charge-card"), TimeSpan.FromDays(days), new ChargeCard("42"),
            Pipe.Execute<SendContext<ChargeCard>>(context =>
            {
                context.Headers.Set("Customer", "Zoë");
                context.SetRetries(9);
                context.SetQueueName("slow");
            }), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(days) - TimeSpan.FromSeconds(1));
        Assert.Empty(billing.Observed.Messages<ChargeCard>());
        var waiting = Assert.Single(Waiting(cloud));
        Assert.Equal("http://billing.test/qstash/charge-card", waiting.Url);
        Assert.Equal(9, waiting.MaxRetries);
        Assert.Equal("slow", waiting.Queue);

        await cloud.AdvanceAsync(TimeSpan.FromSeconds(1));
        var context = Assert.Single(billing.Observed.Contexts<ChargeCard>());
        Assert.Equal("Zoë", context.Headers.Get<string>("Customer"));
        Assert.Empty(Waiting(cloud));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(29)]
    public async Task Is_cancelled_wherever_it_is(int afterDays)
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud, AllowRescheduling);
        var scheduled = await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(30), new ChargeCard("42"), Cancellation));

        await cloud.AdvanceAsync(TimeSpan.FromDays(afterDays));
        await Schedule(orders, async x =>
        {
            await x.CancelScheduledSend(scheduled.Destination, scheduled.TokenId, Cancellation);
            return true;
        });

        Assert.Empty(Waiting(cloud));
        await cloud.AdvanceAsync(TimeSpan.FromDays(31));
        Assert.Empty(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task That_is_published_reaches_who_subscribes_when_it_is_due()
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud, AllowRescheduling);
        var zoo = await cloud.StartServiceAsync("zoo", s => s.AddBus(x => x.AddConsumer<Recorder<IAnimal>>()));

        await Schedule(orders, x => x.SchedulePublish(TimeSpan.FromDays(30), new Dog("Rex"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(10));
        var kennel = await cloud.StartServiceAsync("kennel", s => s.AddBus(x => x.AddConsumer<Recorder<Dog>>()));
        await cloud.AdvanceAsync(TimeSpan.FromDays(20));

        Assert.Single(zoo.Observed.Messages<IAnimal>());
        Assert.Single(kennel.Observed.Messages<Dog>());
        // Nobody ever subscribed to the third of the hierarchy, which is no error.
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Arrives_once_although_answers_at_its_stops_are_lost()
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud, AllowRescheduling);
        var fault = cloud.Emulator.Faults.Add(new FaultRule(FaultAction.DropAnswer) { Destination = "*/_parking", Probability = 0.5 });

        await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(100), new ChargeCard("42"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromDays(100));

        Assert.True(fault.Hits > 0);
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Is_not_lost_while_the_service_is_down()
    {
        await using var cloud = await Cloud.StartAsync(quota: Week);
        var orders = await StartOrdersAsync(cloud, AllowRescheduling);
        await Schedule(orders, x => x.ScheduleSend(Queue, TimeSpan.FromDays(10), new ChargeCard("42"), Cancellation));

        await cloud.AdvanceAsync(TimeSpan.FromDays(4));
        await orders.StopAsync();
        // The first stop is in the middle: 5 days from the start.
        await cloud.AdvanceAsync(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        var restarted = await StartOrdersAsync(cloud, AllowRescheduling);
        await cloud.AdvanceAsync(TimeSpan.FromDays(5));

        Assert.Single(restarted.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Stops_at_no_other_message()
    {
        await using var cloud = await Cloud.StartAsync();
        await StartOrdersAsync(cloud, AllowRescheduling);

        await cloud.Client.PublishAsync(new() { Destination = "http://orders.test/qstash/_parking", Body = "{}"u8.ToArray() }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }
}
