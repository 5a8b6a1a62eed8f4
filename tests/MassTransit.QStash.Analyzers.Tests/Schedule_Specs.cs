using MassTransit.QStash.Analyzers.Tests.Support;
using MassTransit.QStash.CodeFixes;

namespace MassTransit.QStash.Analyzers.Tests;

public class A_schedule // S9
{
    [Fact]
    public Task Must_name_a_time_zone_and_gets_UTC() => Verify.StatementsAsync<ScheduleAnalyzer, TimeZoneCodeFix>(
        """
        s.Cron<object>("a", {|QSTASH007:"0 9 * * *"|});
        s.Cron<object>("b", {|QSTASH007:"0 0 9,17 ? * MON-FRI"|}, configure: x => { });
        var definition = new QStashScheduleDefinition { Destination = "group", Cron = {|QSTASH007:"30 6 1 * *"|} };
        """,
        """
        s.Cron<object>("a", "0 9 * * *", "UTC");
        s.Cron<object>("b", "0 0 9,17 ? * MON-FRI", timeZone: "UTC", configure: x => { });
        var definition = new QStashScheduleDefinition { Destination = "group", Cron = "CRON_TZ=UTC 30 6 1 * *" };
        """);

    [Fact]
    public Task May_be_the_same_in_all_zones_or_name_one() => Verify.StatementsAsync<ScheduleAnalyzer>("""
        s.Cron<object>("a", "*/5 * * * *");
        s.Cron<object>("c", "0 9 * * *", "Europe/Berlin");
        s.Cron<object>("d", "0 9 * * *", null);
        s.Cron<object>("e", a);
        var definition = new QStashScheduleDefinition { Destination = "group", Cron = "CRON_TZ=Europe/Berlin 30 6 1 * *" };
        """);
}
