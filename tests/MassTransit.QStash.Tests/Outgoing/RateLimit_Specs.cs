using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Sends over the limit of the day wait for the next one, if it is near (S3, V7). The clock stands at midnight.
/// </summary>
public sealed class Sends_over_the_daily_limit : IAsyncDisposable
{
    Cloud _cloud = null!;
    TimerWatch _timers = null!;
    Service _orders = null!;

    [Fact]
    public async Task Are_parked_and_resume_when_it_is_over()
    {
        await Start(messagesPerDay: 1, wait: TimeSpan.FromHours(2));
        await _cloud.AdvanceAsync(TimeSpan.FromHours(22.5));
        await _orders.Publish(new OrderSubmitted("today"));

        var parked = _orders.Publish(new OrderSubmitted("tomorrow"));
        var pause = await _timers.WaitForTimerAsync(longerThan: TimeSpan.FromHours(1), limit: TimeSpan.FromHours(2));
        Assert.False(parked.IsCompleted);
        await PassAsync(pause);

        await parked;
        await _cloud.WaitUntilIdleAsync();
        Assert.InRange(pause, TimeSpan.FromHours(1.5), TimeSpan.FromHours(1.5) + TimeSpan.FromSeconds(0.25));
        Assert.Equal(["today", "tomorrow"], _orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId));
    }

    [Fact]
    public async Task Fail_with_the_time_of_the_next_when_it_is_too_far_away()
    {
        await Start(messagesPerDay: 1, wait: TimeSpan.FromHours(2));
        await _orders.Publish(new OrderSubmitted("today"));

        var limit = await Assert.ThrowsAsync<QStashDailyLimitException>(() => _orders.Publish(new OrderSubmitted("tomorrow")));

        Assert.Equal(_cloud.Clock.GetUtcNow().Date.AddDays(1), limit.ResetAt!.Value.UtcDateTime);
        Assert.Equal(1, limit.Limit);
    }

    [Fact]
    public async Task Are_given_up_by_a_sender_who_will_not_wait()
    {
        await Start(messagesPerDay: 1, wait: TimeSpan.FromDays(1));
        await _orders.Publish(new OrderSubmitted("today"));
        using var impatient = new CancellationTokenSource();

        var parked = _orders.Bus.Publish(new OrderSubmitted("tomorrow"), impatient.Token);
        var pause = await _timers.WaitForTimerAsync(longerThan: TimeSpan.FromHours(1), limit: TimeSpan.FromDays(1.1));
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => parked);
        await _cloud.AdvanceAsync(pause);
        Assert.Equal(["today"], _orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId));
    }

    [Fact]
    public async Task Of_which_some_still_fit_are_parked_one_by_one()
    {
        await Start(messagesPerDay: 3, wait: TimeSpan.FromDays(1));

        // The first goes alone; of the batch of the others two find room.
        Task[] publishes = [.. Enumerable.Range(0, 5).Select(number => _orders.Publish(new OrderSubmitted($"{number}")))];
        var pause = await _timers.WaitForTimerAsync(longerThan: TimeSpan.FromHours(1), limit: TimeSpan.FromDays(1.1));
        await Task.WhenAll(publishes[..3]);
        Assert.False(publishes[3].IsCompleted);
        await PassAsync(pause);

        await Task.WhenAll(publishes);
        await _cloud.WaitUntilIdleAsync();
        Assert.Equal(["0", "1", "2", "3", "4"], _orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId).Order());
    }

    [Fact]
    public async Task May_wait_as_long_as_the_configuration_says()
    {
        await Start(messagesPerDay: 1, configure: s => s.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["QStash:MaxRateLimitWait"] = "1.00:00:00" }));
        await _orders.Publish(new OrderSubmitted("today"));

        var parked = _orders.Publish(new OrderSubmitted("tomorrow"));
        await PassAsync(await _timers.WaitForTimerAsync(longerThan: TimeSpan.FromHours(1), limit: TimeSpan.FromDays(1.1)));

        await parked;
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(49)]
    public async Task Cannot_wait_for_a_time_that_makes_no_sense(int hours)
    {
        _cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => _cloud.Build("orders",
            s => s.AddBus(null, (_, cfg) => cfg.Host(h => h.MaxRateLimitWait(TimeSpan.FromHours(hours))))));

        Assert.Contains("QStash:MaxRateLimitWait", exception.Message, StringComparison.Ordinal);
    }

    async Task Start(int messagesPerDay, TimeSpan? wait = null, Action<ServiceBuilder>? configure = null)
    {
        _cloud = await Cloud.StartAsync(quota: QuotaPlan.None with { MessagesPerDay = messagesPerDay });
        _timers = new TimerWatch(_cloud.Clock);
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddSingleton<TimeProvider>(_timers);
            configure?.Invoke(s);
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) =>
            {
                if (wait is not null)
                    cfg.Host(h => h.MaxRateLimitWait(wait.Value));
            });
        });
    }

    // What is being delivered would run out of time.
    async Task PassAsync(TimeSpan pause)
    {
        await _cloud.WaitUntilIdleAsync();
        _cloud.Clock.Advance(pause);
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}
