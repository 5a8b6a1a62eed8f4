using System.Net;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Creating_a_schedule : ScheduleTest
{
    [Fact, Check(142, 149)]
    public async Task Shows_what_was_asked_for()
    {
        var answer = await CallAsync(
            "POST", $"/v2/schedules/{Sink.Url}/a?x=1", "hello", "Upstash-Cron:   0 4 * * *  ", "Upstash-Method: PUT", "Upstash-Delay: 1m30s",
            "Upstash-Retries: 2", "Upstash-Retry-Delay: 1000", "Upstash-Timeout: 10s", "Upstash-Label: a,b", "Upstash-Queue-Name: q",
            "Upstash-Callback: http://c.example", "Upstash-Failure-Callback: http://f.example", "Upstash-Forward-x-y: v",
            "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: parallelism=2, rate=10, period=1m");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var id = answer.String("scheduleId")!;
        Assert.StartsWith("scd_", id, StringComparison.Ordinal);

        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var expected = new Dictionary<string, object?>
        {
            ["scheduleId"] = id,
            ["cron"] = "0 4 * * *",
            ["createdAt"] = now,
            ["destination"] = Sink.Url + "/a?x=1",
            ["method"] = "PUT",
            ["isPaused"] = false,
            ["header"] = new Dictionary<string, string[]> { ["X-Y"] = ["v"] },
            ["body"] = "hello",
            ["retries"] = 2,
            ["retryDelayExpression"] = "1000",
            ["delay"] = 90,
            ["timeout"] = 10,
            ["callback"] = "http://c.example",
            ["callbackHeader"] = new Dictionary<string, string[]> { ["Content-Type"] = ["application/json"] },
            ["failureCallback"] = "http://f.example",
            ["failureCallbackHeader"] = new Dictionary<string, string[]> { ["Content-Type"] = ["application/json"] },
            ["callerIp"] = "127.0.0.1",
            ["callerIP"] = "127.0.0.1",
            ["queueName"] = "q",
            ["flowControlKey"] = "k",
            ["parallelism"] = 2,
            ["rate"] = 10,
            ["period"] = 60,
            ["label"] = "a",
            ["labels"] = new[] { "a", "b" },
            ["nextScheduleTime"] = now + (4 * 3_600_000),
        };
        var shown = (await GetAsync("/v2/schedules/" + id)).Json;
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(expected), shown), shown.GetRawText());
        Assert.Equal($"[{shown.GetRawText()}]", (await GetAsync("/v2/schedules/")).Text);
    }

    [Theory, Check(143)]
    [InlineData(null, "Upstash-Cron")]
    [InlineData("", "Invalid cron expression empty spec string")]
    [InlineData("   ", "empty spec string")]
    [InlineData("* * * *", "expected exactly 5 fields, found 4: [* * * *]")]
    [InlineData("0 0 12 * * *", "expected exactly 5 fields, found 6: [0 0 12 * * *]")]
    [InlineData("cron_tz=UTC * * * * *", "expected exactly 5 fields, found 6")]
    [InlineData("CRON_TZ=UTC", "expected exactly 5 fields, found 0")]
    [InlineData("0 0 L * *", "failed to parse int from L")]
    [InlineData("0 0 15W * *", "failed to parse int from 15W")]
    [InlineData("0 0 * * 5#2", "failed to parse int from 5#2")]
    [InlineData("0 0 * * MON-", "failed to parse int from : ")]
    [InlineData("H * * * *", "failed to parse int from H: strconv.Atoi: parsing \"H\": invalid syntax")]
    [InlineData("60 * * * *", "end of range (60) above maximum (59): 60")]
    [InlineData("0 24 * * *", "end of range (24) above maximum (23): 24")]
    [InlineData("0 0 0 * *", "beginning of range (0) below minimum (1): 0")]
    [InlineData("0 0 * * 7", "end of range (7) above maximum (6): 7")]
    [InlineData("0 0 * * FRI-MON", "beginning of range (5) beyond end of range (1): FRI-MON")]
    [InlineData("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1")]
    [InlineData("0 22-2 * * *", "beginning of range (22) beyond end of range (2): 22-2")]
    [InlineData("1-2-3 * * * *", "too many hyphens: 1-2-3")]
    [InlineData("1/2/3 * * * *", "too many slashes: 1/2/3")]
    [InlineData("*/-12 * * * *", "negative number (-12) not allowed: -12")]
    [InlineData("*/0 * * * *", "step of range should be a positive number: */0")]
    [InlineData("@reboot", "unrecognized descriptor: @reboot")]
    [InlineData("@every 1x", "failed to parse duration @every 1x")]
    [InlineData("CRON_TZ=Nowhere/Land 0 4 * * *", "provided bad location Nowhere/Land: unknown time zone Nowhere/Land")]
    [InlineData("CRON_TZ=europe/berlin 0 4 * * *", "provided bad location europe/berlin")]
    [InlineData("0 0 31 2 *", "it never fires")]
    [InlineData(", * * * *", "it never fires")]
    public async Task Explains_a_cron_that_cannot_be_used(string? cron, string expected)
    {
        var answer = await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, cron is null ? [] : ["Upstash-Cron: " + cron]);
        AssertBadRequest(answer, "Upstash-Cron");
        AssertBadRequest(answer, expected);
        Assert.Equal("[]", (await GetAsync("/v2/schedules")).Text);
    }

    [Theory, Check(151)]
    [InlineData("Upstash-Schedule-Id: a b", "Upstash-Schedule-Id")]
    [InlineData("Upstash-Schedule-Id: a/b", "Upstash-Schedule-Id")]
    [InlineData("Upstash-Schedule-Id: ", "Upstash-Schedule-Id")]
    [InlineData("Upstash-Queue-Name: a/b", "Upstash-Queue-Name")]
    [InlineData("Upstash-Not-Before: 1767229200", "Upstash-Not-Before")]
    [InlineData("Upstash-Delay: 9999d", "maxDelay")]
    [InlineData("Upstash-Retries: x", "Upstash-Retries")]
    public async Task Explains_a_header_that_cannot_be_used(string header, string expected) =>
        AssertBadRequest(await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, EveryMinute, header), expected);

    [Theory]
    [InlineData("/v2/schedules", HttpStatusCode.BadRequest)]
    [InlineData("/v2/schedules/", HttpStatusCode.BadRequest)]
    [InlineData("/v2/schedules/a/b", HttpStatusCode.BadRequest)]
    [InlineData("/v2/schedules/nobody", HttpStatusCode.NotFound)]
    public async Task Explains_a_destination_that_cannot_be_used(string target, HttpStatusCode status) =>
        Assert.Equal(status, (await CallAsync("POST", target, null, EveryMinute)).Status);

    [Fact, Check(146)]
    public async Task Replaces_the_one_with_the_same_id()
    {
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", "body", "Upstash-Schedule-Id: s", EveryMinute, "Upstash-Label: l");
        await CallAsync("PATCH", "/v2/schedules/s/pause");
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/b", null, "Upstash-Schedule-Id: s", "Upstash-Cron: */2 * * * *");
        var schedule = (await GetAsync("/v2/schedules")).Json.EnumerateArray().Single();
        Assert.Equal("*/2 * * * *", schedule.GetProperty("cron").GetString());
        Assert.False(schedule.GetProperty("isPaused").GetBoolean());
        Assert.False(schedule.TryGetProperty("body", out _));
        Assert.False(schedule.TryGetProperty("labels", out _));
        await AdvanceAsync(4 * 60);
        Assert.Equal(["/b", "/b"], Sink.All.Select(request => request.Target));
    }

    [Fact, Check(150)]
    public async Task Works_through_publish_and_enqueue_as_it_once_did()
    {
        Assert.NotNull((await CallAsync("POST", $"/v2/publish/{Sink.Url}/p", null, EveryMinute)).String("scheduleId"));
        Assert.NotNull((await CallAsync("POST", $"/v2/enqueue/q/{Sink.Url}/e?upstash-cron=*/1+*+*+*+*")).String("scheduleId"));
        await AdvanceAsync(60);
        Assert.Equal(["/e", "/p"], Sink.All.Select(request => request.Target).Order());
        Assert.Equal("q", (await GetAsync("/v2/queues")).Json[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Is_refused_in_a_batch()
    {
        var item = new { destination = Sink.Url, headers = new Dictionary<string, string> { ["upstash-cron"] = "* * * * *" } };
        var answer = await CallAsync("POST", "/v2/batch", new[] { item });
        Assert.Contains("Upstash-Cron", answer.Json[0].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact, Check(9)]
    public async Task Ignores_the_case_of_the_path()
    {
        await CallAsync("POST", $"/v2/Schedules/{Sink.Url}/Case", null, EveryMinute, "Upstash-Schedule-Id: Mine");
        Assert.Equal(Sink.Url + "/Case", (await GetAsync("/v2/Schedules/Mine")).String("destination"));
    }
}

public class Firing_a_schedule : ScheduleTest
{
    [Fact, Check(45, 144)]
    public async Task Delivers_each_minute()
    {
        var id = await ScheduleAsync("/a", EveryMinute);
        await PublishAsync("/plain");
        await AdvanceAsync(180);
        var deliveries = Sink.At("/a");
        Assert.Equal([1, 2, 3], deliveries.Select(request => (request.At - Start).TotalMinutes));
        Assert.All(deliveries, request => Assert.Equal(
            (id, "127.0.0.1", null), (request.Header("Upstash-Schedule-Id"), request.Header("Upstash-Caller-Ip"), request.Header("Upstash-Topic-Name"))));
        Assert.Equal(3, deliveries.Select(request => request.Header("Upstash-Message-Id")).Distinct().Count());
        Assert.Null(Sink.At("/plain").Single().Header("Upstash-Schedule-Id"));
    }

    [Theory, Check(145)]
    [InlineData("CRON_TZ=America/New_York 0 4 * * *", "2026-01-01T09:00Z")]
    [InlineData("CRON_TZ=Asia/Kolkata 30 9 1 FEB *", "2026-02-01T04:00Z")]
    [InlineData("0 12 * * MON-FRI", "2026-01-01T12:00Z")]
    [InlineData("15 10 */10 * *", "2026-01-01T10:15Z")]
    [InlineData("0 0 13 * FRI", "2026-01-02T00:00Z")]
    [InlineData("0 0 29 2 *", "2028-02-29T00:00Z")]
    [InlineData("TZ=America/New_York 0 4 * * *", "2026-01-01T09:00Z")]
    [InlineData("CRON_TZ= 0 4 * * *", "2026-01-01T04:00Z")]
    [InlineData("0 12 ? * MON", "2026-01-05T12:00Z")]
    [InlineData("@hourly", "2026-01-01T01:00Z")]
    [InlineData("@weekly", "2026-01-04T00:00Z")]
    [InlineData("CRON_TZ=Asia/Tokyo @daily", "2026-01-01T15:00Z")]
    [InlineData("@every 1h30m", "2026-01-01T01:30Z")]
    [InlineData("50/5 * * * *", "2026-01-01T00:50Z")]
    [InlineData("1,,2 0 1 1 *", "2026-01-01T00:01Z")]
    [InlineData("0 0 */10 * SUN", "2026-01-04T00:00Z")] // either, for a step is a restriction
    [InlineData("0 0 13 * */1", "2026-01-13T00:00Z")] // a step of 1 is none
    [InlineData("*-7 3 * * *", "2026-01-01T03:00Z")]
    public async Task Happens_at_the_time_the_cron_names(string cron, string expected)
    {
        var id = await ScheduleAsync("/a", "Upstash-Cron: " + cron);
        var schedule = (await GetAsync("/v2/schedules/" + id)).Json;
        Assert.Equal(DateTimeOffset.Parse(expected, null), DateTimeOffset.FromUnixTimeMilliseconds(schedule.GetProperty("nextScheduleTime").GetInt64()));
        Assert.Equal(cron, schedule.GetProperty("cron").GetString());
    }

    [Theory] // inferred from the tests of robfig/cron
    [InlineData("America/New_York", "0 2 * * *", "2026-03-08", "")] // leapt over
    [InlineData("America/New_York", "30 2 * * *", "2026-03-08", "")]
    [InlineData("America/New_York", "0 1 * * *", "2026-03-08", "01:00-05")]
    [InlineData("America/New_York", "0 1-3 * * *", "2026-03-08", "01:00-05 03:00-04")]
    [InlineData("America/New_York", "0 12 * * *", "2026-03-08", "12:00-04")]
    [InlineData("America/New_York", "0 1 * * *", "2026-11-01", "01:00-04 01:00-05")] // shown twice
    [InlineData("America/New_York", "45 1 * * *", "2026-11-01", "01:45-04 01:45-05")]
    [InlineData("America/New_York", "0 2 * * *", "2026-11-01", "02:00-05")]
    [InlineData("America/New_York", "0 0-3 * * *", "2026-11-01", "00:00-04 01:00-04 01:00-05 02:00-05 03:00-05")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-03-29", "")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-25", "02:30+02 02:30+01")]
    [InlineData("Asia/Beirut", "0 0,9 * * *", "2026-03-29", "09:00+03")] // no midnight
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2026-04-05", "01:45+11 01:45+10")] // half an hour
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-04", "")]
    public async Task Happens_as_often_as_the_clocks_show_the_time(string zoneId, string cron, string day, string times)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        await ScheduleAsync("/a", $"Upstash-Cron: CRON_TZ={zoneId} {cron}");
        await AdvanceAsync(TimeSpan.FromDays(365).TotalSeconds);
        var local = Sink.All.Select(request => TimeZoneInfo.ConvertTime(request.At, zone))
            .Where(moment => $"{moment:yyyy-MM-dd}" == day).Select(moment => $"{moment:HH:mmzz}");
        Assert.Equal(times, string.Join(' ', local));
    }

    [Fact] // 2.6, lastScheduleStates
    public async Task Tells_what_became_of_the_last_messages()
    {
        Sink.AnswerWith(200, 500);
        var id = await ScheduleAsync("/a", EveryMinute, "Upstash-Retries: 1", "Upstash-Retry-Delay: 70000");
        await AdvanceAsync(60);
        Assert.Equal(["SUCCESS"], await LastStatesAsync(id));
        Assert.Equal(Start.AddMinutes(1).ToUnixTimeMilliseconds(), (await GetAsync("/v2/schedules/" + id)).Json.GetProperty("lastScheduleTime").GetInt64());
        await AdvanceAsync(60);
        Assert.Equal(["IN_PROGRESS"], await LastStatesAsync(id));
        await CallAsync("POST", $"/v2/schedules/{id}/pause");
        await AdvanceAsync(70);
        Assert.Equal(["FAIL"], await LastStatesAsync(id));
    }

    [Fact] // 7.3: the members of a group are those at that time
    public async Task Asks_for_the_endpoints_of_a_group_each_time()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1" } } });
        var id = (await CallAsync("POST", "/v2/schedules/g", null, EveryMinute)).String("scheduleId")!;
        Assert.Equal("g", (await GetAsync("/v2/schedules/" + id)).String("destination"));
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/2" } } });
        await AdvanceAsync(60);
        Assert.Equal(["/1", "/2"], Sink.All.Select(request => request.Target).Order());
        Assert.All(Sink.All, request => Assert.Equal("g", request.Header("Upstash-Topic-Name")));
        Assert.Equal(["SUCCESS", "SUCCESS"], await LastStatesAsync(id));

        await CallAsync("DELETE", "/v2/topics/g");
        await AdvanceAsync(60);
        Assert.Equal(2, Sink.All.Count);
        Assert.Equal("topic g not found", (await GetAsync("/v2/schedules/" + id)).String("error"));
    }

    [Fact, Check(112, 149)]
    public async Task Puts_messages_into_a_queue_and_leaves_the_queue_as_it_is()
    {
        await CallAsync("POST", "/v2/queues", new { queueName = "q", parallelism = 5, paused = true });
        await ScheduleAsync("/a", EveryMinute, "Upstash-Queue-Name: q", "Upstash-Delay: 30s");
        await ScheduleAsync("/a", EveryMinute, "Upstash-Queue-Name: new");
        await AdvanceAsync(60);
        var queue = (await GetAsync("/v2/queues/q")).Json;
        Assert.Equal((5, 1, true), (queue.GetProperty("parallelism").GetInt32(), queue.GetProperty("lag").GetInt32(), queue.GetProperty("paused").GetBoolean()));
        Assert.Equal(1, (await GetAsync("/v2/queues/new")).Json.GetProperty("parallelism").GetInt32());
        await CallAsync("POST", "/v2/queues/q/resume");
        Assert.Single(Sink.All);
        await AdvanceAsync(30);
        Assert.Equal(Start.AddSeconds(90), Sink.All[1].At);
    }

    [Fact] // 3.10: deduplication is about the creation
    public async Task Does_not_deduplicate_its_messages()
    {
        await ScheduleAsync("/a", EveryMinute, "Upstash-Deduplication-Id: once", "Upstash-Content-Based-Deduplication: true");
        await AdvanceAsync(120);
        Assert.Equal(2, Sink.All.Count);
    }

    [Fact, Check(136, 140)] // docs/qstash-contract.md#callbacks
    public async Task Names_itself_in_callbacks_and_filters()
    {
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/a" ? 500 : 200;
            return Task.CompletedTask;
        };
        var id = await ScheduleAsync("/a", EveryMinute, "Upstash-Retries: 0", $"Upstash-Callback: {Sink.Url}/callback");
        await AdvanceAsync(60);
        Assert.Equal(id, Sink.At("/callback").Single().Json.GetProperty("scheduleId").GetString());
        Assert.Null(Sink.At("/callback").Single().Header("Upstash-Schedule-Id"));
        var letter = (await GetAsync("/v2/dlq?scheduleId=" + id)).Json.GetProperty("messages").EnumerateArray().Single();
        Assert.Equal(id, letter.GetProperty("scheduleId").GetString());
        var entries = (await GetAsync("/v2/logs?scheduleId=" + id)).Json.GetProperty("logs");
        Assert.Equal(4, entries.GetArrayLength());
        Assert.Equal(id, entries[0].GetProperty("scheduleId").GetString());
    }
}

public class Managing_a_schedule : ScheduleTest
{
    [Theory, Check(147)]
    [InlineData("PATCH")]
    [InlineData("POST")]
    public async Task Pauses_without_catching_up(string verb)
    {
        var id = await ScheduleAsync("/a", EveryMinute);
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(verb, $"/v2/schedules/{id}/pause")).Status);

        Assert.True((await GetAsync("/v2/schedules/" + id)).Json.GetProperty("isPaused").GetBoolean());
        await AdvanceAsync(600);
        Assert.Empty(Sink.All);

        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await CallAsync(verb, $"/v2/schedules/{id}/resume/")).Status);

        Assert.False((await GetAsync("/v2/schedules/" + id)).Json.GetProperty("isPaused").GetBoolean());
        await AdvanceAsync(60);
        Assert.Single(Sink.All);
    }

    [Fact, Check(148)]
    public async Task Deletes_it_but_not_what_it_published()
    {
        var id = await ScheduleAsync("/a", EveryMinute, "Upstash-Delay: 5m");
        await AdvanceAsync(60);
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/v2/schedules/" + id)).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/schedules/" + id)).Status);
        await AdvanceAsync(600);
        Assert.Single(Sink.All);
    }

    [Theory]
    [InlineData("GET", "/v2/schedules/scd_x")]
    [InlineData("PATCH", "/v2/schedules/scd_x/pause")]
    [InlineData("POST", "/v2/schedules/scd_x/resume")]
    public async Task Does_not_know_others(string method, string target)
    {
        var answer = await CallAsync(method, target);
        Assert.Equal((HttpStatusCode.NotFound, "schedule scd_x not found"), (answer.Status, answer.Error));
    }

    [Fact, Check(6)]
    public async Task Keeps_users_apart()
    {
        var id = await ScheduleAsync("/a", EveryMinute);
        const string Other = "Authorization: Bearer " + TestUser1;
        Assert.Equal("[]", (await CallAsync("GET", "/v2/schedules", null, Other)).Text);
        await CallAsync("DELETE", "/v2/schedules/" + id, null, Other);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/schedules/" + id)).Status);
    }
}

public abstract class ScheduleTest : EmulatorTest
{
    protected const string EveryMinute = "Upstash-Cron: * * * * *";

    protected DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected async Task<string> ScheduleAsync(string path, params string[] headers) =>
        (await CallAsync("POST", $"/v2/schedules/{Sink.Url}{path}", null, headers)).String("scheduleId")!;

    protected async Task<string?[]> LastStatesAsync(string id) =>
        [.. (await GetAsync("/v2/schedules/" + id)).Json.GetProperty("lastScheduleStates").EnumerateObject().Select(state => state.Value.GetString())];
}
