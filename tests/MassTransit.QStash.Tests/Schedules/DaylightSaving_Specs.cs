using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>Schedules in the hours that clocks leap over in spring and show twice in autumn.</summary>
public class A_schedule_in_the_night_in_which_clocks_change
{
    [Theory]
    [InlineData("30 2 * * *", "Europe/Berlin", "on 2026-03-29 02:30 never comes, and on 2026-10-25 02:30 comes twice")]
    [InlineData("0 30 1 * * ?", "America/New_York", "on 2026-11-01 01:30 comes twice")]
    [InlineData("0 */2 * * SUN", "Europe/Berlin", "2026-03-29 02:00 never comes")]
    [InlineData("0 0-5 29 MAR *", "Europe/Berlin", "2026-03-29 02:00 never comes")]
    [InlineData("15 2 * * *", "Australia/Lord_Howe", "2026-10-04 02:15 never comes")]
    [InlineData("30 2 * * *", "W. Europe Standard Time", "2026-03-29 02:30 never comes")]
    [InlineData("30 3 * * *", "Europe/Berlin", null)]
    [InlineData("30 2 * * MON", "Europe/Berlin", null)]
    [InlineData("30 2 1 6 *", "Europe/Berlin", null)]
    [InlineData("30 * * * *", "Europe/Berlin", null)]
    [InlineData("*/15 0-23 * * *", "Europe/Berlin", null)]
    [InlineData("30 2 * * *", "UTC", null)]
    [InlineData("30 2 * * *", "Asia/Tokyo", null)]
    public async Task Is_written_with_a_warning(string cron, string zone, string? warning)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler()));

        await orders.Recur(x => x.ScheduleRecurringSend(new Uri("http://orders.test/qstash/reports"), new Recurring("it", cron, zone), new OrderSubmitted("42"), Cancellation));

        Assert.Single(await cloud.Client.Schedules.ListAsync(Cancellation));
        var lines = orders.Log.Lines.Where(line => line.Contains(" comes", StringComparison.Ordinal)).ToList();
        if (warning is null)
            Assert.Empty(lines);
        else
            Assert.Contains(warning, Assert.Single(lines), StringComparison.Ordinal);
    }
}
