using Cronos;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// What MassTransit's users write as cron, and what QStash is told.
/// </summary>
public class A_cron_expression
{
    static async Task<string?> Translate(Service service, Cloud cloud, string expression)
    {
        await service.Recur(x => x.ScheduleRecurringSend(new Uri("http://orders.test/qstash/reports"), new Recurring("it", expression, "UTC"), new OrderSubmitted("42"), Cancellation));

        return Assert.Single(await cloud.Client.Schedules.ListAsync(Cancellation)).Cron;
    }

    static Task<Service> StartAsync(Cloud cloud) => cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddQStashMessageScheduler()));

    [Theory]
    // Five fields stay.
    [InlineData("0 9 * * *", "0 9 * * *")]
    [InlineData("*/15 8-18 1,15 JAN-JUN,12 MON-FRI", "*/15 8-18 1,15 JAN-JUN,12 MON-FRI")]
    [InlineData("  5   4 * *  sun ", "5 4 * * SUN")]
    [InlineData("0 0 13 * 5", "0 0 13 * 5")]
    [InlineData("10-30/5 * * * 1-5/2", "10-30/5 * * * 1-5/2")]
    // … but for what not every crontab knows.
    [InlineData("0 9 ? * *", "0 9 * * *")]
    [InlineData("0 9 * * 7", "0 9 * * 0")]
    [InlineData("0 9 * * 5-7", "0 9 * * 0,5,6")]
    [InlineData("0 9 * * 7-2", "0 9 * * 0-2")]
    [InlineData("0 22-2 * * FRI-MON", "0 0,1,2,22,23 * * 0,1,5,6")]
    [InlineData("5/20 * * * *", "5-59/20 * * * *")]
    [InlineData("59/20 * * * *", "59 * * * *")]
    // Quartz: seconds in front, days of the week from 1.
    [InlineData("0 0 9 * * ?", "0 9 * * *")]
    [InlineData("00 30 6 ? * MON-FRI", "30 6 * * MON-FRI")]
    [InlineData("0 0 12 ? * 2-6", "0 12 * * 1-5")]
    [InlineData("0 0 12 ? * 1", "0 12 * * 0")]
    [InlineData("0 0 12 ? * 7,1", "0 12 * * 6,0")]
    [InlineData("0 0 12 ? * 6-2", "0 12 * * 0,1,5,6")]
    [InlineData("0 0 12 ? * 2/2", "0 12 * * 1-6/2")]
    [InlineData("0 0/10 * * * ?", "0-59/10 * * * *")]
    [InlineData("0 /10 * * * ?", "*/10 * * * *")]
    [InlineData("0 0 0 1/5 JAN ?", "0 0 1-31/5 JAN *")]
    [InlineData("0 15 10 15 * ? *", "15 10 15 * *")]
    [InlineData("0 0 0 * * *", "0 0 * * *")]
    [InlineData("0 * * * * ?", "* * * * *")]
    public async Task Is_told_to_QStash_as_standard_cron(string expression, string expected)
    {
        await using var cloud = await Cloud.StartAsync();

        Assert.Equal(expected, await Translate(await StartAsync(cloud), cloud, expression));
    }

    [Theory]
    [InlineData("*/10 * * * * ?", "seconds")]
    [InlineData("30 0 9 * * ?", "seconds")]
    [InlineData("* * * * * ?", "seconds")]
    [InlineData("0 0 9 L * ?", "last day")]
    [InlineData("0 0 9 L-3 * ?", "last day")]
    [InlineData("0 0 9 LW * ?", "last day")]
    [InlineData("0 0 9 ? * 6L", "last day")]
    [InlineData("0 0 9 15W * ?", "nearest weekday")]
    [InlineData("0 0 9 ? * 6#3", "weekdays of a month")]
    [InlineData("0 0 9 ? * MON/2", "weeks")]
    [InlineData("0 0 9 1 1 ? 2027", "years")]
    [InlineData("0 0 9 1 * MON", "one of them must be '?'")]
    [InlineData("60 * * * *", "0 to 59")]
    [InlineData("0 24 * * *", "0 to 23")]
    [InlineData("0 0 0 * *", "1 to 31")]
    [InlineData("0 0 * 13 *", "1 to 12")]
    [InlineData("0 0 * * 8", "0 to 6")]
    [InlineData("0 0 12 ? * 0", "1 to 7")]
    [InlineData("0 0 12 ? * 8", "1 to 7")]
    [InlineData("*/0 * * * *", "step")]
    [InlineData("*/61 * * * *", "step")]
    [InlineData("? * * * *", "'?'")]
    [InlineData("0 9 * * MONDAY", "SUN to SAT")]
    [InlineData("0 9 * APRIL *", "JAN to DEC")]
    [InlineData("1,,2 * * * *", "numbers")]
    [InlineData("1- * * * *", "numbers")]
    [InlineData("-1 * * * *", "numbers")]
    [InlineData("+1 * * * *", "numbers")]
    [InlineData("1.5 * * * *", "numbers")]
    [InlineData("H * * * *", "numbers")]
    [InlineData("@daily", "@daily")]
    [InlineData("CRON_TZ=Europe/Berlin 0 9 * * *", "time zone by itself")]
    [InlineData("TZ=Europe/Berlin 0 9 * * *", "time zone by itself")]
    [InlineData("0 9 * *", "five fields")]
    [InlineData("0 0 9 * * ? * *", "five fields")]
    [InlineData("", "five fields")]
    public async Task That_QStash_cannot_keep_to_is_refused_with_the_reason(string expression, string reason)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => Translate(orders, cloud, expression));

        Assert.StartsWith("CronExpression", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Empty(await cloud.Client.Schedules.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Of_Quartz_fires_when_MassTransit_says_it_does()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);
        var random = new Random(20260101);
        var start = cloud.Clock.GetUtcNow();

        for (var round = 0; round < 300; round++)
        {
            var expression = QuartzExpression(random);
            var quartz = new JobService.Scheduling.CronExpression(expression) { TimeZone = TimeZoneInfo.Utc };

            var translated = CronExpression.Parse((await Translate(orders, cloud, expression))!);

            var (expected, actual) = ((DateTimeOffset?)start, (DateTimeOffset?)start);
            for (var tick = 0; tick < 20; tick++)
            {
                expected = quartz.GetNextValidTimeAfter(expected!.Value);
                actual = translated.GetNextOccurrence(actual!.Value, TimeZoneInfo.Utc);
                Assert.True(expected == actual, $"{expression} became {translated}: {expected:u} is {actual:u}");
            }
        }
    }

    static string QuartzExpression(Random random)
    {
        var days = random.Next(2) == 0 ? (Field(random, 1, 28, 31, null), "?") : ("?", Field(random, 1, 7, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]));

        return string.Join(' ', "0", Field(random, 0, 59, 59, null), Field(random, 0, 23, 23, null), days.Item1,
            Field(random, 1, 12, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]), days.Item2);
    }

    static string Field(Random random, int first, int last, int wrap, string[]? names)
    {
        return random.Next(6) switch
        {
            0 => "*",
            1 => $"*/{random.Next(1, last / 2)}",
            2 => $"{Value()}/{random.Next(1, last / 2)}",
            3 => $"{Value()}-{Value()}",
            4 => names is null ? $"{Value()}" : names[random.Next(names.Length)],
            _ => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value()).Distinct()),
        };

        int Value() => random.Next(first, Math.Min(last, wrap) + 1);
    }
}
