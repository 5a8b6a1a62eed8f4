using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <summary>
/// QStash has the clock that makes the messages of a schedule. That of the endpoint, which keeps to start and end, may differ.
/// </summary>
public class The_start_and_the_end_of_a_schedule
{
    static readonly Uri Reports = new("http://orders.test/qstash/reports");

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(2)]
    [InlineData(-240)]
    [InlineData(240)]
    public async Task Are_those_of_QStash_however_the_clock_of_the_endpoint_differs(int secondsAhead)
    {
        await using var cloud = await Cloud.StartAsync(new VirtualClock(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddSingleton<TimeProvider>(new OtherClock(cloud.Time, TimeSpan.FromSeconds(secondsAhead)));
            s.AddBus(
                x =>
                {
                    x.AddQStashMessageScheduler();
                    x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "reports");
                },
                (_, cfg) => cfg.Host(h => h.ClockTolerance(TimeSpan.FromMinutes(5))));
        });
        var start = cloud.Clock.GetUtcNow().AddHours(9);

        await orders.Recur(x => x.ScheduleRecurringSend(Reports,
            new Recurring("minutely", "* * * * *", "UTC", start: start, end: start.AddMinutes(9)), new OrderSubmitted("1"), Cancellation));
        await cloud.AdvanceAsync(TimeSpan.FromHours(10));

        // The endpoint gives each message the time of its own clock.
        Assert.Equal(Enumerable.Range(0, 10).Select(minute => start.AddMinutes(minute).AddSeconds(secondsAhead)),
            orders.Observed.Contexts<OrderSubmitted>().Select(context => new DateTimeOffset(context.SentTime!.Value)));
        Assert.Empty(await cloud.Client.Schedules.ListAsync(Cancellation));
    }
}
