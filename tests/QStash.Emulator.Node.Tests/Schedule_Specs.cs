using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Using_schedules_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 142, 144
    public async Task Publishes_at_each_time()
    {
        await ScriptAsync("""
            await client.schedules.create({
              destination: sink + '/report', cron: '*/10 * * * *', scheduleId: 'report', body: JSON.stringify({ kind: 'daily' }), headers: { 'X-Tenant': 'blue' },
            });
            """);
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(30), Cancellation);
        Assert.Equal(3, Sink.All.Count);
        Assert.Equal(
            ("/report", """{"kind":"daily"}""", "application/json", "blue", "report"),
            (Sink.All[0].Target, Sink.All[0].Text, Sink.All[0].Header("Content-Type"), Sink.All[0].Header("X-Tenant"), Sink.All[0].Header("Upstash-Schedule-Id")));
    }

    [Fact] // 145, 149
    public async Task Shows_what_was_set()
    {
        var schedule = await ScriptAsync("""
            const { scheduleId } = await client.schedules.create({
              destination: sink + '/a', cron: 'CRON_TZ=America/New_York 0 4 * * *', method: 'PUT', delay: '1m', retries: 5, retryDelay: '1000',
              queueName: 'orders', callback: sink + '/done', failureCallback: sink + '/failed', label: ['one', 'two'],
            });
            return await client.schedules.get(scheduleId);
            """);
        string? Text(string member) => schedule.GetProperty(member).GetString();
        Assert.StartsWith("scd_", Text("scheduleId"), StringComparison.Ordinal);
        Assert.Equal(("CRON_TZ=America/New_York 0 4 * * *", "PUT", "1000", "orders"), (Text("cron"), Text("method"), Text("retryDelayExpression"), Text("queueName")));
        Assert.Equal((Sink.Url + "/a", Sink.Url + "/done", Sink.Url + "/failed"), (Text("destination"), Text("callback"), Text("failureCallback")));
        Assert.Equal((60, 5), (schedule.GetProperty("delay").GetInt32(), schedule.GetProperty("retries").GetInt32()));
        Assert.Equal(["one", "two"], schedule.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        var next = DateTimeOffset.FromUnixTimeMilliseconds(schedule.GetProperty("nextScheduleTime").GetInt64());
        Assert.Equal(TimeSpan.FromHours(9), next.TimeOfDay);
    }

    [Fact] // 146, 147, 148
    public async Task Replaces_pauses_resumes_and_deletes()
    {
        var seen = await ScriptAsync("""
            const { schedules } = client, schedule = 'nightly';
            await schedules.create({ destination: sink + '/old', cron: '* * * * *', scheduleId: schedule, body: 'old' });
            await schedules.create({ destination: sink + '/new', cron: '* * * * *', scheduleId: schedule });
            await schedules.pause({ schedule });
            return await schedules.list();
            """);
        var schedule = Assert.Single(seen.EnumerateArray());
        Assert.True(schedule.GetProperty("isPaused").GetBoolean());
        Assert.False(schedule.TryGetProperty("body", out _));
        await AdvanceAsync(120);
        Assert.Empty(Sink.All);

        Assert.False((await ScriptAsync("await client.schedules.resume({ schedule: 'nightly' }); return (await client.schedules.get('nightly')).isPaused")).GetBoolean());
        await AdvanceAsync(60);
        Assert.Equal("/new", Assert.Single(Sink.All).Target);

        Assert.Equal(404, (await ScriptAsync("await client.schedules.delete('nightly'); return await client.schedules.get('nightly').catch(e => e.status)")).GetInt32());
        await AdvanceAsync(120);
        Assert.Single(Sink.All);
    }
}
