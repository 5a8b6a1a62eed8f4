using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;
using QStash.Emulator;
using QStash.Emulator.Faults;
using QStash.Emulator.Snapshots;

namespace MassTransit.QStash.Tests;

/// <summary>A scheduled message is cancelled by a filter, which is an action of QStash that may take its time.</summary>
public class Unscheduling_a_message
{
    static readonly Uri Queue = new("queue:charge-card");

    // Between two calls; the time that a call may take is longer.
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    TimerWatch? _timers;
    Task<TimeSpan>? _wait;

    [Theory]
    [InlineData(40)] // longer than an attempt of other calls may take
    [InlineData(90)] // longer than QStash lets a call wait
    [InlineData(600)]
    public async Task Waits_for_the_end_of_the_action(int seconds)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var scheduled = await ScheduleAsync(orders, "42");
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction) { Delay = TimeSpan.FromSeconds(seconds) });
        var start = cloud.Clock.GetUtcNow();

        await AdvanceUntilAsync(cloud, CancelAsync(orders, scheduled.TokenId));

        Assert.True((cloud.Clock.GetUtcNow() - start).TotalSeconds >= seconds);
        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task Does_not_miss_what_was_scheduled_after_an_action_with_the_same_label_began()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction) { Delay = TimeSpan.FromMinutes(10), Count = 1 });
        var token = NewId.NextGuid();
        await ScheduleAsync(orders, "first", token);

        var first = CancelAsync(orders, token);
        await UntilAsync(async () => await cloud.Client.BulkActions.ListAllAsync().AnyAsync());
        await ScheduleAsync(orders, "second", token);
        await AdvanceUntilAsync(cloud, CancelAsync(orders, token));
        await AdvanceUntilAsync(cloud, first);

        Assert.Empty(Waiting(cloud));
        await cloud.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Empty(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Succeeds_for_thousands_at_once()
    {
        await using var cloud = await Cloud.StartAsync(quota: QuotaPlan.PayAsYouGo);
        var orders = await StartOrdersAsync(cloud);
        var tokens = Enumerable.Range(0, 2_000).Select(_ => NewId.NextGuid()).ToList();
        foreach (var token in tokens)
            await ScheduleAsync(orders, "42", token);

        var keep = await ScheduleAsync(orders, "kept");
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction) { Delay = TimeSpan.FromSeconds(3) });

        await AdvanceUntilAsync(cloud, Task.WhenAll(tokens.Select(token => CancelAsync(orders, token))));

        Assert.Equal($"mt-{keep.TokenId:N}", Assert.Single(Assert.Single(Waiting(cloud)).Labels));
    }

    [Fact]
    public async Task Waits_until_QStash_takes_a_further_action()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var scheduled = await ScheduleAsync(orders, "42");
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction) { Delay = TimeSpan.FromMinutes(2), Count = 1000 });
        for (var i = 0; i < 1000; i++)
            await cloud.Client.Messages.StartCancelAsync(new QStashMessageFilter { Labels = [$"other-{i}"] }, Cancellation);

        await AdvanceUntilAsync(cloud, CancelAsync(orders, scheduled.TokenId));

        Assert.Empty(Waiting(cloud));
    }

    [Fact]
    public async Task Names_the_reason_when_that_takes_too_long()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        cloud.Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction) { Delay = TimeSpan.FromDays(1) });
        for (var i = 0; i < 1000; i++)
            await cloud.Client.Messages.StartCancelAsync(new QStashMessageFilter { Labels = [$"other-{i}"] }, Cancellation);

        var exception = await Assert.ThrowsAsync<QStashBulkActionLimitException>(() => AdvanceUntilAsync(cloud, CancelAsync(orders, NewId.NextGuid())));

        Assert.Contains("cancels by filter", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultAction.BurstLimit, 20)]
    [InlineData(FaultAction.ServerError, 3)]
    [InlineData(FaultAction.DropApiAnswer, 3)]
    public async Task Is_repeated_after_a_failure(FaultAction action, int count)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartOrdersAsync(cloud);
        var scheduled = await ScheduleAsync(orders, "42");
        cloud.Emulator.Faults.Add(new FaultRule(action) { Method = "DELETE", Path = "/v2/messages", Count = count });

        await AdvanceUntilAsync(cloud, CancelAsync(orders, scheduled.TokenId));

        Assert.Empty(Waiting(cloud));
    }

    Task<Service> StartOrdersAsync(Cloud cloud) => cloud.StartServiceAsync("orders", s =>
    {
        s.AddBus(
            x =>
            {
                x.AddQStashMessageScheduler();
                x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
            },
            (_, cfg) => cfg.UseQStashMessageScheduler());
        s.Services.AddSingleton<TimeProvider>(_timers = new TimerWatch(cloud.Clock));
    });

    static async Task<ScheduledMessage> ScheduleAsync(Service service, string id, Guid? token = null)
    {
        await using var scope = service.Services.CreateAsyncScope();

        return await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().ScheduleSend(
            Queue, TimeSpan.FromDays(1), new ChargeCard(id),
            Pipe.Execute<SendContext<ChargeCard>>(context => context.ScheduledMessageId = token ?? context.ScheduledMessageId),
            Cancellation);
    }

    static async Task CancelAsync(Service service, Guid token)
    {
        await using var scope = service.Services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().CancelScheduledSend(Queue, token, Cancellation);
    }

    // Only while the service waits, and by as long as it does: a clock that ran during its calls would use up its patience.
    async Task AdvanceUntilAsync(Cloud cloud, Task task)
    {
        while (!task.IsCompleted)
        {
            // What was not waited for to its end is kept: it has the next timer.
            var wait = _wait ??= _timers!.WaitForTimerAsync(LongestWait);

            if (await Task.WhenAny(task, wait) == wait)
            {
                _wait = null;
                await cloud.AdvanceAsync(await wait);
            }
        }

        await task;
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            Cancellation.ThrowIfCancellationRequested();
    }

    static IReadOnlyList<MessageSnapshot> Waiting(Cloud cloud) => cloud.Emulator.GetSnapshot().User("defaultUser").Messages;
}
