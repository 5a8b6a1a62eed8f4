using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class A_schedule_in_many_forms
{
    public static TheoryData<string> Wrong { get; } =
    [
        """s.Cron<Order>("a", {|QSTASH007:"0 9 * * *"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"0 */6 * * *"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"0 */2 * * *"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"0 9-17/2 * * *"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"*/5 8-18 * * *"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"*/5 * * * MON-FRI"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"0 * 1 * *"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"0 9 * * *"|}, "");""",
        """s.Cron<Order>("a", {|QSTASH007:"0 9 * * *"|}, timeZone: "  ");""",
        """s.Cron<Order>("a", {|QSTASH007:"0 9 * * *"|}, string.Empty);""",
        """s.Cron<Order>("a", {|QSTASH007:"0 0 9 ? * MON-FRI"|});""",
        """s.Cron<Order>("a", {|QSTASH007:"@daily"|});""",
        """s.Cron<Order>("a", config["cron"] ?? {|QSTASH007:"0 9 * * *"|});""",
        """s.Cron<Order>("a", port > 0 ? {|QSTASH007:"0 9 * * *"|} : {|QSTASH007:"0 10 * * *"|});""",
        """
        var nightly = "0 3 * * *";
        s.Cron<Order>("a", {|QSTASH007:nightly|});
        """,
        """
        s.Cron<Order>("a", {|QSTASH007:Nightly|});
        ---
        static readonly string Nightly = "0 3 * * *";
        """,
        """s.Cron<Order>("a", {|QSTASH007:$"0 3 * * {port}"|});""",
        """s.Cron<Order>("a", {|QSTASH007:$"{port} 3 * * *"|});""",
        """var definition = new QStashScheduleDefinition { Destination = "group", Cron = {|QSTASH007:"0 */6 * * *"|} };""",
        """var definition = new QStashScheduleDefinition { Destination = "group", Cron = {|QSTASH007:"CRON_TZ= 0 9 * * *"|} };""",
    ];

    public static TheoryData<string> Right { get; } =
    [
        """s.Cron<Order>("a", "* * * * *");""",
        """s.Cron<Order>("a", "*/5 * * * *");""",
        """s.Cron<Order>("a", "0 * * * *");""",
        """s.Cron<Order>("a", "0 */1 * * *");""",
        """s.Cron<Order>("a", "0 0/5 * * * ?");""",
        """s.Cron<Order>("a", "@hourly");""",
        """s.Cron<Order>("a", "0 9 * * *", "Europe/Berlin");""",
        """s.Cron<Order>("a", "0 */6 * * *", "UTC");""",
        """s.Cron<Order>("a", "0 9 * * *", null);""",
        """s.Cron<Order>("a", "0 9 * * *", timeZone: a);""",
        """s.Cron<Order>("a", "0 9 * * *", config["zone"] ?? "UTC");""",
        """s.Cron<Order>("a", a);""",
        """s.Cron<Order>("a", $"{a} * * *");""",
        """s.Cron<Order>("a", "CRON_TZ=Europe/Berlin 0 9 * * *");""",
        """var definition = new QStashScheduleDefinition { Destination = "group", Cron = "CRON_TZ=UTC 0 9 * * *" };""",
        """var definition = new QStashScheduleDefinition { Destination = "group", Cron = $"CRON_TZ={a} 0 9 * * *" };""",
        """var text = "0 9 * * *";""",
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found_when_its_hours_are_of_no_zone(string row) => Row.IsReportedAsync<ScheduleAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_left_alone_when_it_has_a_zone_or_needs_none(string row) => Row.IsLeftAloneAsync<ScheduleAnalyzer>(row);
}
