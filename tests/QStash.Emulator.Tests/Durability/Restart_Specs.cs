using System.Net;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Durability;

public class Starting_again_after_the_end : Starting_again
{
    protected override Task EndAsync() => StopAsync();
}

public class Starting_again_after_a_kill : Starting_again
{
    protected override Task EndAsync() => KillAsync();
}

/// <summary>Everything that was answered is there again, and goes on.</summary>
public abstract class Starting_again : DurableTest
{
    protected abstract Task EndAsync();

    [Fact]
    public async Task Delivers_a_delayed_message_when_it_is_due()
    {
        var id = await PublishAsync(
            "/a?b=c", "body", "Upstash-Delay: 1h", "Upstash-Method: PUT", "Upstash-Forward-X-Y: v", "Content-Type: text/plain", "Upstash-Label: l",
            "Upstash-Retries: 7", "Upstash-Retry-Delay: 1000 * retried", "Upstash-Timeout: 30s", $"Upstash-Callback: {Sink.Url}/callback",
            $"Upstash-Failure-Callback: {Sink.Url}/failed", "Upstash-Redact-Fields: body, header[X-Y]");
        var shown = ((await GetAsync("/v2/messages/" + id)).Text, (await GetAsync("/v2/logs?messageId=" + id)).Text);
        await AgainAsync();
        Assert.Equal(shown, ((await GetAsync("/v2/messages/" + id)).Text, (await GetAsync("/v2/logs?messageId=" + id)).Text));

        await AdvanceAsync(3599);
        Assert.Empty(Sink.All);
        await AdvanceAsync(1);
        var delivery = Assert.Single(Sink.At("/a?b=c"));
        Assert.Equal(("PUT", "body", id, "v", "text/plain"), (
            delivery.Method, delivery.Text, delivery.Header("Upstash-Message-Id"), delivery.Header("X-Y"), delivery.Header("Content-Type")));
        Assert.Equal(id, Assert.Single(Sink.At("/callback")).Json.GetProperty("sourceMessageId").GetString());
    }

    [Fact]
    public async Task Retries_when_it_would_have_and_as_often()
    {
        Sink.AnswerWith(500);
        var id = await PublishAsync("/a", null, "Upstash-Retries: 2", "Upstash-Retry-Delay: 60000");
        await AdvanceAsync(60);
        await AgainAsync();
        await AdvanceAsync(59);
        Assert.Equal(2, Sink.All.Count);
        await AdvanceAsync(1);
        Assert.Equal(["0", "1", "2"], Sink.All.Select(request => request.Header("Upstash-Retried")));
        Assert.Equal("CREATED ACTIVE ERROR RETRY ACTIVE ERROR RETRY ACTIVE ERROR FAILED", await StatesAsync(id));
        Assert.Single((await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Delivers_what_was_in_flight_again_with_the_same_id()
    {
        var arrived = new SemaphoreSlim(0);
        Sink.Answer = async (_, context) =>
        {
            arrived.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var ids = new[] { await PublishAsync("/a"), await PublishAsync("/b") };
        for (var i = 0; i < ids.Length; i++)
            await arrived.WaitAsync(Cancellation);

        Sink.AnswerWith(200);
        await AgainAsync();
        await IdleAsync();
        foreach (var id in ids)
            Assert.Equal(2, Sink.All.Count(request => request.Header("Upstash-Message-Id") == id));
    }

    [Fact]
    public async Task Delivers_nothing_again_that_was_delivered()
    {
        await PublishAsync();
        await IdleAsync();
        await AgainAsync();
        await IdleAsync();
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Cancels_what_was_to_be_cancelled_after_its_attempt()
    {
        var arrived = new SemaphoreSlim(0);
        Sink.Answer = async (_, context) =>
        {
            arrived.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var id = (await EnqueueAsync("q")).Id;
        await arrived.WaitAsync(Cancellation);
        await CallAsync("DELETE", "/v2/messages/" + id);

        Sink.AnswerWith(200);
        await AgainAsync();
        await IdleAsync();
        Assert.Single(Sink.All);
        Assert.Equal("CREATED ACTIVE CANCEL_REQUESTED CANCELED", await StatesAsync(id));
        Assert.Equal(0, (await GetAsync("/v2/queues/q")).Json.GetProperty("lag").GetInt32());
    }

    [Fact]
    public async Task Keeps_the_order_of_a_queue()
    {
        await PublishAsync("/other", null, "Upstash-Delay: 1s");
        await CallAsync("POST", "/v2/queues", """{"queueName":"q","parallelism":1,"paused":true}""");
        for (var i = 0; i < 20; i++)
            await EnqueueAsync("q", "/" + i);

        await AgainAsync();
        Assert.Equal(20, (await GetAsync("/v2/queues/q")).Json.GetProperty("lag").GetInt32());
        await EnqueueAsync("q", "/20");
        await CallAsync("POST", "/v2/queues/q/resume");
        await IdleAsync();
        Assert.Equal(Enumerable.Range(0, 21).Select(i => "/" + i), Sink.All.Select(request => request.Target));
        Assert.Equal(0, (await GetAsync("/v2/queues/q")).Json.GetProperty("lag").GetInt32());
    }

    [Fact]
    public async Task Keeps_a_queue_waiting_behind_a_retry()
    {
        Sink.AnswerWith(500, 200);
        await EnqueueAsync("q", "/1", null, "Upstash-Retry-Delay: 60000");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        await AgainAsync();
        await AdvanceAsync(59);
        Assert.Equal(["/1"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(1);
        Assert.Equal(["/1", "/1", "/2"], Sink.All.Select(request => request.Target));
    }

    [Fact] // 105
    public async Task Keeps_a_queue_waiting_behind_a_callback()
    {
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/callback" ? 500 : 200;
            return Task.CompletedTask;
        };
        await EnqueueAsync("q", "/1", null, $"Upstash-Callback: {Sink.Url}/callback", "Upstash-Callback-Retry-Delay: 60000");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        await AgainAsync();
        Sink.AnswerWith(200);
        await AdvanceAsync(59);
        Assert.Equal(["/1", "/callback"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(1);
        Assert.Equal(["/1", "/callback", "/callback", "/2"], Sink.All.Select(request => request.Target));
    }

    [Fact]
    public async Task Takes_one_place_for_a_message_that_is_retried_and_its_callback()
    {
        Sink.AnswerWith(500);
        await CallAsync("POST", "/v2/queues", """{"queueName":"q","parallelism":2}""");
        await EnqueueAsync(
            "q", "/1", null, "Upstash-Retry-Delay: 60000", $"Upstash-Callback: {Sink.Url}/callback", "Upstash-Callback-Retry-Delay: 60000");
        await IdleAsync();
        await AgainAsync();
        Sink.AnswerWith(200);
        await EnqueueAsync("q", "/2");
        await EnqueueAsync("q", "/3");
        await IdleAsync();
        Assert.Equal(["/1", "/callback", "/2", "/3"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(60);
        await CallAsync("POST", "/v2/queues", """{"queueName":"q","parallelism":1}""");
        await EnqueueAsync("q", "/4");
        await IdleAsync();
        Assert.Single(Sink.At("/4"));
    }

    [Fact]
    public async Task Lets_go_on_what_had_begun_when_its_queue_was_deleted()
    {
        Sink.AnswerWith(500);
        await EnqueueAsync("q", "/1", null, "Upstash-Retry-Delay: 60000");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        await CallAsync("DELETE", "/v2/queues/q");
        await AgainAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/queues/q")).Status);
        Sink.AnswerWith(200);
        await AdvanceAsync(60);
        Assert.Equal(["/1", "/1"], Sink.All.Select(request => request.Target));
    }

    [Fact]
    public async Task Shows_the_same()
    {
        await CallAsync("POST", "/v2/queues", """{"queueName":"q","parallelism":3,"paused":true}""");
        await CallAsync("POST", "/v2/topics/g/endpoints", $$"""{"endpoints":[{"url":"{{Sink.Url}}/a","name":"n"},{"url":"{{Sink.Url}}/b"}]}""");
        await CallAsync("PATCH", "/v2/topics/g", """{"headers":{"Upstash-Retries":["2"],"Upstash-Forward-X-Y":["v"]}}""");
        await CallAsync("POST", "/v2/schedules/g", "scheduled", "Upstash-Cron: CRON_TZ=Europe/Berlin 0 4 * * *", "Upstash-Schedule-Id: s1");
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, "Upstash-Cron: 0 5 * * *", "Upstash-Schedule-Id: s2", "Upstash-Queue-Name: q");
        await CallAsync("POST", "/v2/schedules/s2/pause");
        await CallAsync("POST", "/v2/publish/g", "grouped", "Upstash-Delay: 1d", "Upstash-Deduplication-Id: d");
        await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", "flow", "Upstash-Delay: 1d", "Upstash-Flow-Control-Key: f", "Upstash-Flow-Control-Value: rate=2,period=1h");
        await CallAsync("POST", "/v2/flowControl/f/pin?parallelism=4");
        await CallAsync("POST", "/v2/flowControl/f/pause");
        await EnqueueAsync("q", "/q", new byte[] { 0, 255, 128 });
        await CallAsync("POST", "/v2/keys/rotate");
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 489;
            context.Response.Headers["Upstash-NonRetryable-Error"] = "true";
            await context.Response.Body.WriteAsync(new byte[] { 1, 255 });
        };
        await PublishAsync("/dead", new byte[] { 255 });
        await AdvanceAsync(6 * 3600);
        await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, "Upstash-Delay: 1d", "Upstash-Deduplication-Id: d2");

        string[] paths =
        [
            "/v2/queues", "/v2/topics", "/v2/schedules", "/v2/flowControl", "/v2/dlq", "/v2/keys", "/v2/logs?count=100", "/v2/globalParallelism",
        ];
        var before = await Task.WhenAll(paths.Select(GetAsync));
        var snapshot = JsonSerializer.Serialize(Emulator.GetSnapshot().Users);
        Assert.Contains("d2", snapshot, StringComparison.Ordinal);
        await AgainAsync();
        Assert.Equal(before.Select(answer => answer.Text), (await Task.WhenAll(paths.Select(GetAsync))).Select(answer => answer.Text));
        Assert.Equal(snapshot, JsonSerializer.Serialize(Emulator.GetSnapshot().Users));
    }

    [Fact]
    public async Task Shows_nothing_that_was_deleted()
    {
        await CallAsync("POST", "/v2/queues", """{"queueName":"q"}""");
        await CallAsync("POST", "/v2/topics/g/endpoints", $$"""{"endpoints":[{"url":"{{Sink.Url}}/a"}]}""");
        await CallAsync("POST", "/v2/topics/h/endpoints", $$"""{"endpoints":[{"url":"{{Sink.Url}}/a"}]}""");
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, "Upstash-Cron: 0 4 * * *", "Upstash-Schedule-Id: s");
        var id = await PublishAsync("/later", null, "Upstash-Delay: 1d");
        Sink.AnswerWith(500);
        await PublishAsync("/dead", null, "Upstash-Retries: 0");
        await IdleAsync();

        await CallAsync("DELETE", "/v2/queues/q");
        await CallAsync("DELETE", "/v2/topics/g");
        await CallAsync("DELETE", "/v2/topics/h/endpoints", $$"""{"endpoints":[{"url":"{{Sink.Url}}/a"}]}""");
        await CallAsync("DELETE", "/v2/schedules/s");
        await CallAsync("DELETE", "/v2/messages/" + id);
        await CallAsync("DELETE", "/v2/dlq");
        await AgainAsync();
        var user = Emulator.GetSnapshot().User("defaultUser");
        Assert.Equal((0, 0, 0, 0, 0), (user.Queues.Count, user.UrlGroups.Count, user.Schedules.Count, user.Messages.Count, user.DeadLetters.Count));
        Sink.AnswerWith(200);
        await AdvanceAsync(2 * 86_400);
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Deduplicates_until_the_window_ends()
    {
        var first = await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d");
        var second = await PublishAsync("/b", "body", "Upstash-Content-Based-Deduplication: true");
        await AdvanceAsync(599);
        await AgainAsync();
        Assert.Equal(first, await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d"));
        Assert.Equal(second, await PublishAsync("/b", "body", "Upstash-Content-Based-Deduplication: true"));
        await AdvanceAsync(1);
        await AgainAsync();
        Assert.NotEqual(first, await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d"));
    }

    [Fact]
    public async Task Deduplicates_by_the_newer_of_two_windows()
    {
        await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d");
        await AdvanceAsync(601);
        var second = await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d");
        await AgainAsync();
        await AdvanceAsync(599);
        Assert.Equal(second, await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d"));
        await AdvanceAsync(1);
        Assert.NotEqual(second, await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d"));
    }

    // The clock of an emulator is not kept, so it goes back if it was ahead.
    [Fact]
    public async Task Deduplicates_for_ten_minutes_when_the_clock_was_ahead_before()
    {
        await AdvanceAsync(86_400);
        await PublishAsync("/a", "body", "Upstash-Deduplication-Id: ahead");
        await EndAsync();
        Clock.Reset();
        await StartAsync();
        var first = await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d");
        await AgainAsync();
        await AdvanceAsync(599);
        Assert.Equal(first, await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d"));
        await AdvanceAsync(1);
        var second = await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d");
        Assert.NotEqual(first, second);
        await AgainAsync();
        Assert.Equal(second, await PublishAsync("/a", "body", "Upstash-Deduplication-Id: d"));
    }

    [Fact]
    public async Task Lets_through_at_once_what_flow_control_held_for_a_clock_that_was_ahead()
    {
        string[] limit = ["Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: rate=1,period=1m"];
        await AdvanceAsync(86_400);
        await PublishAsync("/ahead", null, limit);
        await IdleAsync();
        await EndAsync();
        Clock.Reset();
        await StartAsync();
        await PublishAsync("/a", null, limit);
        await PublishAsync("/b", null, limit);
        await IdleAsync();
        Assert.Equal(["/ahead", "/a"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(60);
        Assert.Equal("/b", Sink.All[^1].Target);
    }

    [Fact]
    public async Task Fires_schedules_at_their_next_time_when_the_clock_was_ahead_before()
    {
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, "Upstash-Cron: 30 * * * *", "Upstash-Schedule-Id: s");
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/paused", null, "Upstash-Cron: 30 * * * *", "Upstash-Schedule-Id: p");
        await CallAsync("POST", "/v2/schedules/p/pause");
        await AdvanceAsync(86_400);
        Assert.Equal(24, Sink.All.Count);
        await EndAsync();
        Clock.Reset();
        await StartAsync();
        await AdvanceAsync(1799);
        Assert.Equal(24, Sink.All.Count);
        await AdvanceAsync(1);
        Assert.Equal(25, Sink.At("/a").Count);
        await AdvanceAsync(3600);
        Assert.Equal(26, Sink.All.Count);
    }

    // The data file keeps together what was accepted together.
    [Fact]
    public async Task Delivers_only_what_is_left_of_a_batch()
    {
        await EndAsync();
        Emulator = await QStashEmulator.StartAsync(
            new QStashEmulatorOptions { TimeProvider = Clock, DataPath = DataPath, Quota = QuotaPlan.None with { LogRetention = TimeSpan.FromHours(1) } },
            Cancellation);
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/failing" ? 500 : 200;
            return Task.CompletedTask;
        };
        // More than a row of the file has, by number and by size.
        string[] targets = ["/failing", .. Enumerable.Range(0, 40).Select(i => $"/{i}")];
        var batch = await CallAsync("POST", "/v2/batch", targets.Select(target => new
        {
            destination = Sink.Url + target,
            body = BodyOf(target),
            headers = new Dictionary<string, string> { ["Upstash-Delay"] = target.EndsWith('7') ? "5h" : "0s" },
        }));
        var ids = batch.Json.EnumerateArray().Select(item => item.GetProperty("messageId").GetString()).ToList();
        await IdleAsync();
        Assert.Equal(37, Sink.All.Count);

        await AgainAsync();
        Sink.AnswerWith(200);
        await AdvanceAsync(2 * 3600);
        Assert.Equal(["/failing 1"], Sink.All.Skip(37).Select(request => $"{request.Target} {request.Header("Upstash-Retried")}"));

        // The log forgets all but the delayed ones.
        await GetAsync("/v2/logs");
        await AgainAsync();
        await AdvanceAsync(4 * 3600);
        Assert.Equal(["/17", "/27", "/37", "/7"], Sink.All.Skip(38).Select(request => request.Target).Order(StringComparer.Ordinal));
        Assert.All(Sink.All, request => Assert.Equal(BodyOf(request.Target), request.Text));
        Assert.All(Sink.All, request => Assert.Equal(ids[targets.IndexOf(request.Target)], request.Header("Upstash-Message-Id")));

        static string BodyOf(string target) => target + new string('x', target.Length * 5000);
    }

    [Fact]
    public async Task Keeps_users_apart_who_published_at_the_same_time()
    {
        const string other = "Authorization: Bearer eyJVc2VySUQiOiJ0ZXN0VXNlcjEiLCJQYXNzd29yZCI6InRlc3RQYXNzd29yZCJ9";
        await Task.WhenAll(Enumerable.Range(0, 40).SelectMany(i => (Task[])
        [
            PublishAsync($"/mine/{i}", $"/mine/{i}", "Upstash-Delay: 1h", "Upstash-Deduplication-Id: " + i),
            PublishAsync($"/theirs/{i}", $"/theirs/{i}", "Upstash-Delay: 1h", "Upstash-Deduplication-Id: " + i, other),
        ]));
        await AgainAsync();
        await AdvanceAsync(3600);
        await AgainAsync();
        await AdvanceAsync(3600);
        Assert.Equal(
            Enumerable.Range(0, 40).SelectMany(i => (string[])[$"/mine/{i}", $"/theirs/{i}"]).Order(StringComparer.Ordinal),
            Sink.All.Select(request => request.Target).Order(StringComparer.Ordinal));
        Assert.All(Sink.All, request => Assert.Equal(request.Target, request.Text));
        var logs = (await CallAsync("GET", "/v2/events", null, other)).Json.GetProperty("events").EnumerateArray();
        Assert.All(logs, entry => Assert.Contains("/theirs/", entry.GetProperty("url").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fires_schedules()
    {
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", "body", "Upstash-Cron: 0 * * * *", "Upstash-Schedule-Id: s");
        await AdvanceAsync(3600);
        await AgainAsync();
        await AdvanceAsync(3600);
        Assert.Equal(["body s", "body s"], Sink.All.Select(request => $"{request.Text} {request.Header("Upstash-Schedule-Id")}"));
        Assert.Contains("SUCCESS", (await GetAsync("/v2/schedules/s")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fires_a_schedule_once_that_was_due_meanwhile()
    {
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, "Upstash-Cron: 0 * * * *", "Upstash-Schedule-Id: s");
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/paused", null, "Upstash-Cron: 0 * * * *", "Upstash-Schedule-Id: p");
        await CallAsync("POST", "/v2/schedules/p/pause");
        await EndAsync();
        Clock.Advance(TimeSpan.FromHours(3.5));
        await StartAsync();
        await AdvanceAsync(0.001);
        Assert.Single(Sink.All);
        await AdvanceAsync(1800);
        Assert.Equal(2, Sink.At("/a").Count);
        Assert.Empty(Sink.At("/paused"));
    }

    [Fact]
    public async Task Retries_dead_letters()
    {
        Sink.AnswerWith(500);
        await PublishAsync("/a", "body", "Upstash-Retries: 0", "Upstash-Forward-X-Y: v");
        await IdleAsync();
        await AgainAsync();
        Sink.AnswerWith(200);
        var dlqId = (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0].GetProperty("dlqId").GetString();
        await CallAsync("POST", "/v2/dlq/retry/" + dlqId);
        await AgainAsync();
        await IdleAsync();
        Assert.Equal(("body", "v"), (Sink.All[^1].Text, Sink.All[^1].Header("X-Y")));
        Assert.Empty((await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Goes_by_the_limits_of_flow_control()
    {
        for (var i = 0; i < 4; i++)
            await PublishAsync("/" + i, null, "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: rate=1,period=1m");

        await AdvanceAsync(60);
        Assert.Equal(2, Sink.All.Count);
        await AgainAsync();
        await AdvanceAsync(59);
        Assert.Equal(2, Sink.All.Count);
        await AdvanceAsync(61);
        Assert.Equal(4, Sink.All.Count);
    }

    [Fact]
    public async Task Forgets_what_a_reset_forgot()
    {
        await PublishAsync("/a", null, "Upstash-Delay: 1h", "Upstash-Deduplication-Id: d");
        await CallAsync("POST", "/v2/keys/rotate");
        await Emulator.ResetAsync(cancellationToken: Cancellation);
        await PublishAsync("/b", null, "Upstash-Delay: 1h");
        await AgainAsync();
        await AdvanceAsync(3600);
        Assert.Equal("/b", Assert.Single(Sink.All).Target);
        Assert.Equal("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", Emulator.DefaultUser.CurrentSigningKey);
        Assert.Equal(3, (await GetAsync("/v2/logs")).Json.GetProperty("logs").GetArrayLength());
    }

    async Task AgainAsync()
    {
        await EndAsync();
        await StartAsync();
    }
}
