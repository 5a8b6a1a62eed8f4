using System.Net;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests;

/// <summary>
/// What the official SDKs for Python (upstash/qstash-py at 75c133a, 2026-03-18) and Go (upstash/qstash-go at 9551ad4, 2024-07-10) send, and what
/// they need in an answer. They read a member that is required without asking whether it is there.
/// </summary>
public class The_official_clients : EmulatorTest
{
    [Fact, LearnedFrom("qstash-py/qstash/message.py"), LearnedFrom("qstash-go/messages.go")]
    public async Task Publish_with_their_spellings_and_read_an_id()
    {
        var answer = await CallAsync(
            "POST", $"/v2/publish/{Sink.Url}/a", "x", "Content-Type: application/json", "Upstash-Method: PUT", "Upstash-Forward-Test-Header: v", "Upstash-Retries: 0", "Upstash-Delay: 10s",
            "Upstash-Timeout: 10s", "Upstash-Content-Based-Deduplication: True", "Upstash-Flow-Control-Key: k",
            "Upstash-Flow-Control-Value: parallelism=2, rate=3, period=1m", "Upstash-Redact-Fields: header[X]", "Upstash-Label: l");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.NotEmpty(answer.Id);
        Assert.Equal(JsonValueKind.Object, answer.Json.ValueKind);
        var again = await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", "x", "Content-Type: application/json", "Upstash-Forward-Test-Header: v", "Upstash-Content-Based-Deduplication: True");
        Assert.Equal((answer.Id, true), (again.Id, again.Json.GetProperty("deduplicated").GetBoolean()));
    }

    [Fact, LearnedFrom("qstash-py/qstash/message.py"), LearnedFrom("qstash-go/messages_test.go")]
    public async Task Read_what_a_message_always_has()
    {
        var id = await PublishAsync("/a", "test-body", "Upstash-Delay: 10s", "Upstash-Forward-Test-Header: test-value");
        var message = (await GetAsync("/v2/messages/" + id)).Json;
        Has(message, ("messageId", JsonValueKind.String), ("url", JsonValueKind.String), ("method", JsonValueKind.String), ("maxRetries", JsonValueKind.Number),
            ("notBefore", JsonValueKind.Number), ("createdAt", JsonValueKind.Number), ("header", JsonValueKind.Object), ("callerIP", JsonValueKind.String));
        Assert.Equal(("test-body", 3), (message.GetProperty("body").GetString(), message.GetProperty("maxRetries").GetInt32()));
        Assert.Equal("test-value", Assert.Single(message.GetProperty("header").GetProperty("Test-Header").EnumerateArray()).GetString());
    }

    [Fact, LearnedFrom("qstash-go/url_group_test.go")]
    public async Task Look_for_these_words_in_an_error()
    {
        var answer = await CallAsync("POST", "/v2/publish/non_existing_url_group", "x");
        Assert.Equal((HttpStatusCode.NotFound, "topic non_existing_url_group not found"), (answer.Status, answer.Error));
    }

    [Theory, LearnedFrom("qstash-go/url_group_test.go")]
    [InlineData("/v2/publish/")]
    [InlineData("/v2/publish")]
    public async Task Look_for_these_words_without_a_destination(string path) =>
        AssertBadRequest(await CallAsync("POST", path, "x"), "a non-empty destination must be provided");

    [Fact, LearnedFrom("qstash-py/qstash/message.py"), LearnedFrom("qstash-go/messages_test.go")]
    public async Task Tell_the_items_of_a_batch_apart_by_their_kind()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1", name = "First endpoint" }, new { url = Sink.Url + "/2", name = "2" } } });
        var batch = """
            [{"destination":"{url}","headers":{"Content-Type":["application/json"],"Upstash-Retries":["0"]},"body":"x","queue":""},
             {"destination":"{url}","headers":{"Content-Type":"application/json"},"body":null,"queue":null},
             {"destination":"{url}","headers":{},"queue":"q","body":"x"},
             {"destination":"g","headers":{},"body":"x"}]
            """.Replace("{url}", Sink.Url + "/a", StringComparison.Ordinal);
        var items = (await CallAsync("POST", "/v2/batch", batch)).Json.EnumerateArray().ToList();
        Assert.Equal([JsonValueKind.Object, JsonValueKind.Object, JsonValueKind.Object, JsonValueKind.Array], items.Select(item => item.ValueKind));
        Assert.All(items.Take(3), item => Has(item, ("messageId", JsonValueKind.String)));
        Assert.All(items[3].EnumerateArray(), item => Has(item, ("messageId", JsonValueKind.String), ("url", JsonValueKind.String)));
    }

    [Fact, LearnedFrom("qstash-py/tests/test_message.py"), LearnedFrom("qstash-py/qstash/message.py")]
    public async Task Cancel_some_or_all_and_read_how_many()
    {
        var ids = new[] { await PublishAsync("/a", null, "Upstash-Delay: 1h"), await PublishAsync("/a", null, "Upstash-Delay: 1h") };
        var some = await CallAsync("DELETE", "/v2/messages", new { messageIds = ids }, "Content-Type: application/json");
        Assert.True((int)some.Status < 300);
        Assert.Equal(2, some.Json.GetProperty("cancelled").GetInt32());
        await PublishAsync("/a", null, "Upstash-Delay: 1h");
        Assert.Equal(1, (await CallAsync("DELETE", "/v2/messages")).Json.GetProperty("cancelled").GetInt32());
    }

    [Fact, LearnedFrom("qstash-py/qstash/log.py")]
    public async Task Know_these_states_and_throw_on_others()
    {
        string[] known = ["CREATED", "ACTIVE", "RETRY", "ERROR", "DELIVERED", "FAILED", "CANCEL_REQUESTED", "CANCELED", "IN_PROGRESS"];
        Sink.AnswerWith(200, 500, 500, 500);
        await PublishAsync();
        await IdleAsync();
        await PublishAsync("/a", null, "Upstash-Retries: 1");
        var cancelled = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        await CallAsync("DELETE", "/v2/messages/" + cancelled);
        await AdvanceAsync(3600);
        var events = (await GetAsync("/v2/events?count=100")).Json.GetProperty("events").EnumerateArray().ToList();
        Assert.Contains(events, entry => entry.GetProperty("messageId").GetString() == cancelled && entry.GetProperty("state").GetString() == "CANCELED");
        Assert.All(events, entry =>
        {
            Assert.Contains(entry.GetProperty("state").GetString(), known);
            Has(entry, ("time", JsonValueKind.Number), ("messageId", JsonValueKind.String), ("url", JsonValueKind.String));
        });
        Assert.NotEmpty((await GetAsync("/v2/events?state=CANCELED")).Json.GetProperty("events").EnumerateArray());
    }

    [Fact, LearnedFrom("qstash-py/tests/test_message.py")]
    public async Task Read_the_retry_delay_from_the_log()
    {
        var id = await PublishAsync("/a", null, "Upstash-Retry-Delay: 15000");
        await IdleAsync();
        Assert.Equal("15000", (await GetAsync("/v2/events?messageId=" + id)).Json.GetProperty("events")[0].GetProperty("retryDelayExpr").GetString());
    }

    [Fact, LearnedFrom("qstash-go/events_test.go")]
    public async Task Find_every_event_of_a_message_that_failed()
    {
        Sink.AnswerWith(404);
        var from = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 20; i++)
            await PublishAsync("/a", null, "Upstash-Retries: 0");

        await IdleAsync();
        // Created, begun, refused, given up.
        Assert.Equal(80, (await GetAsync($"/v2/events?fromDate={from}&count=100")).Json.GetProperty("events").GetArrayLength());
    }

    [Fact, LearnedFrom("qstash-py/tests/test_dlq.py"), LearnedFrom("qstash-py/qstash/dlq.py"), LearnedFrom("qstash-go/dlq_test.go")]
    public async Task Read_a_dead_letter_in_the_list_and_alone_and_delete_it()
    {
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 404;
            await context.Response.Body.WriteAsync("404 Not Found"u8.ToArray());
        };
        var id = await PublishAsync("/a", null, "Upstash-Retries: 0", "Upstash-Retry-Delay: 7000 * retried");
        await IdleAsync();
        var listed = Assert.Single((await GetAsync("/v2/dlq?messageId=" + id)).Json.GetProperty("messages").EnumerateArray());
        var dlqId = listed.GetProperty("dlqId").GetString();
        foreach (var letter in new[] { listed, (await GetAsync("/v2/dlq/" + dlqId)).Json })
        {
            Has(letter, ("responseStatus", JsonValueKind.Number), ("responseHeader", JsonValueKind.Object), ("messageId", JsonValueKind.String), ("url", JsonValueKind.String),
                ("method", JsonValueKind.String), ("maxRetries", JsonValueKind.Number), ("notBefore", JsonValueKind.Number), ("createdAt", JsonValueKind.Number));
            Assert.Equal(
                ("404 Not Found", "7000 * retried"), (letter.GetProperty("responseBody").GetString(), letter.GetProperty("retryDelayExpression").GetString()));
        }

        var deleted = await CallAsync("DELETE", "/v2/dlq", new { dlqIds = new[] { dlqId } }, "Content-Type: application/json");
        Assert.Equal(1, deleted.Json.GetProperty("deleted").GetInt32());
        Assert.Empty((await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray());
    }

    [Fact, LearnedFrom("qstash-py/qstash/dlq.py")]
    public async Task Need_a_status_of_a_dead_letter_that_had_no_answer()
    {
        await CallAsync("POST", "/v2/publish/http://127.0.0.1:1/a", null, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Equal(0, (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0].GetProperty("responseStatus").GetInt32());
    }

    [Fact, LearnedFrom("qstash-py/tests/test_queue.py"), LearnedFrom("qstash-py/qstash/queue.py"), LearnedFrom("qstash-go/queue.go")]
    public async Task Create_change_pause_and_delete_a_queue()
    {
        await CallAsync("POST", "/v2/queues", new { queueName = "q", parallelism = 1, paused = false });
        var queue = (await GetAsync("/v2/queues/q")).Json;
        Has(queue, ("name", JsonValueKind.String), ("parallelism", JsonValueKind.Number), ("createdAt", JsonValueKind.Number), ("updatedAt", JsonValueKind.Number),
            ("lag", JsonValueKind.Number), ("paused", JsonValueKind.False));
        await CallAsync("POST", "/v2/queues", new { queueName = "q", parallelism = 2, paused = true });
        queue = Assert.Single((await GetAsync("/v2/queues")).Json.EnumerateArray());
        Assert.Equal((2, true), (queue.GetProperty("parallelism").GetInt32(), queue.GetProperty("paused").GetBoolean()));
        Assert.True((int)(await CallAsync("POST", "/v2/queues/q/resume")).Status < 300);
        Assert.False((await GetAsync("/v2/queues/q")).Json.GetProperty("paused").GetBoolean());
        await CallAsync("POST", "/v2/queues/q/pause");
        Assert.True((await GetAsync("/v2/queues/q")).Json.GetProperty("paused").GetBoolean());
        await CallAsync("DELETE", "/v2/queues/q");
        Assert.Empty((await GetAsync("/v2/queues")).Json.EnumerateArray());
    }

    [Theory, LearnedFrom("qstash-py/qstash/schedule.py"), LearnedFrom("qstash-go/schedule.go")]
    [InlineData("PATCH", "/v2/schedules/")]
    [InlineData("POST", "/v2/schedules/")]
    [InlineData("PATCH", "/v2/Schedules/")]
    public async Task Keep_a_schedule_with_either_verb_and_any_case(string verb, string path)
    {
        var created = await CallAsync(
            "POST", path + Sink.Url + "/s", "x", "Upstash-Cron: 1 1 1 1 1", "Upstash-Retry-Delay: 5000 * retried", "Upstash-Label: test-schedule-label", "Upstash-Queue-Name: schedule-queue");
        var id = created.Json.GetProperty("scheduleId").GetString();
        var schedule = (await GetAsync(path + id)).Json;
        Has(schedule, ("scheduleId", JsonValueKind.String), ("destination", JsonValueKind.String), ("cron", JsonValueKind.String), ("createdAt", JsonValueKind.Number),
            ("method", JsonValueKind.String), ("retries", JsonValueKind.Number));
        Assert.Equal(
            ("1 1 1 1 1", "5000 * retried", "test-schedule-label", "schedule-queue", Sink.Url + "/s"),
            (Text("cron"), Text("retryDelayExpression"), Text("label"), Text("queueName"), Text("destination")));
        await CallAsync(verb, $"{path}{id}/pause");
        Assert.True((await GetAsync(path + id)).Json.GetProperty("isPaused").GetBoolean());
        await CallAsync(verb, $"{path}{id}/resume");
        Assert.False((await GetAsync(path + id)).Json.TryGetProperty("isPaused", out var paused) && paused.GetBoolean());
        Assert.True((int)(await CallAsync("DELETE", path + id)).Status < 300);
        Assert.Empty((await GetAsync("/v2/schedules")).Json.EnumerateArray());

        string? Text(string member) => schedule.GetProperty(member).GetString();
    }

    [Fact, LearnedFrom("qstash-py/tests/test_schedules.py")]
    public async Task Read_the_limits_of_a_schedule_with_the_default_period()
    {
        await CallAsync("POST", "/v2/schedules/" + Sink.Url, null, "Upstash-Cron: 1 1 1 1 1", "Upstash-Schedule-Id: s", "Upstash-Flow-Control-Key: flow-key", "Upstash-Flow-Control-Value: parallelism=2");
        var schedule = (await GetAsync("/v2/schedules/s")).Json;
        Assert.Equal(
            ("flow-key", 2, 1), (schedule.GetProperty("flowControlKey").GetString(), schedule.GetProperty("parallelism").GetInt32(), schedule.GetProperty("period").GetInt32()));
        Assert.False(schedule.TryGetProperty("rate", out _));
    }

    [Fact, LearnedFrom("qstash-py/tests/test_url_group.py"), LearnedFrom("qstash-go/url_group_test.go")]
    public async Task Add_and_remove_endpoints_of_a_group()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = "https://example.com", name = "First endpoint" }, new { url = "https://example.net", name = "Second endpoint" } } });
        var group = (await GetAsync("/v2/topics/g")).Json;
        Has(group, ("name", JsonValueKind.String), ("createdAt", JsonValueKind.Number), ("updatedAt", JsonValueKind.Number));
        Assert.Equal(["https://example.com First endpoint", "https://example.net Second endpoint"], Endpoints(group));
        var removed = await CallAsync("DELETE", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = "https://example.net", name = "Second endpoint" } } });
        Assert.True((int)removed.Status < 300);
        Assert.Equal(["https://example.com First endpoint"], Endpoints(Assert.Single((await GetAsync("/v2/topics")).Json.EnumerateArray())));
        Assert.True((int)(await CallAsync("DELETE", "/v2/topics/g")).Status < 300);

        static IEnumerable<string> Endpoints(JsonElement group) =>
            group.GetProperty("endpoints").EnumerateArray().Select(endpoint => $"{endpoint.GetProperty("url").GetString()} {endpoint.GetProperty("name").GetString()}");
    }

    [Theory, LearnedFrom("qstash-py/qstash/message.py"), LearnedFrom("qstash-go/url_group_test.go")]
    [InlineData("/v2/publish/g")]
    [InlineData("/v2/enqueue/q/g")]
    public async Task Read_a_list_of_a_group(string path)
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1" }, new { url = Sink.Url + "/2" } } });
        var answer = await CallAsync("POST", path, "x");
        Assert.Equal(2, answer.Json.GetArrayLength());
        Assert.All(answer.Json.EnumerateArray(), item => Has(item, ("messageId", JsonValueKind.String), ("url", JsonValueKind.String)));
    }

    [Fact, LearnedFrom("qstash-py/tests/test_flow_control.py"), LearnedFrom("qstash-py/qstash/flow_control_api.py")]
    public async Task Pin_unpin_pause_and_reset_a_flow_control_key()
    {
        await PublishAsync("/a", null, "Upstash-Delay: 1h", "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: parallelism=5, rate=10, period=60s");
        await CallAsync("POST", "/v2/flowControl/k/pin?parallelism=3&rate=20&period=120");
        var pinned = (await GetAsync("/v2/flowControl/k")).Json;
        Has(pinned, ("flowControlKey", JsonValueKind.String), ("isPinnedParallelism", JsonValueKind.True), ("isPinnedRate", JsonValueKind.True));
        Assert.Equal((3, 20, 120), (pinned.GetProperty("parallelismMax").GetInt32(), pinned.GetProperty("rateMax").GetInt32(), pinned.GetProperty("ratePeriod").GetInt32()));
        await CallAsync("POST", "/v2/flowControl/k/unpin?parallelism=true");
        var partly = (await GetAsync("/v2/flowControl/k")).Json;
        Assert.Equal((false, true), (Flag(partly, "isPinnedParallelism"), Flag(partly, "isPinnedRate")));
        await CallAsync("POST", "/v2/flowControl/k/pause");
        Assert.True(Flag((await GetAsync("/v2/flowControl/k")).Json, "isPaused"));
        await CallAsync("POST", "/v2/flowControl/k/resume");
        Assert.False(Flag((await GetAsync("/v2/flowControl/k")).Json, "isPaused"));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/v2/flowControl/k/resetRate")).Status);
        Assert.Equal(JsonValueKind.Object, (await GetAsync("/v2/globalParallelism")).Json.ValueKind);

        // A member that is left out counts as false.
        static bool Flag(JsonElement key, string member) => key.TryGetProperty(member, out var value) && value.GetBoolean();
    }

    [Fact, LearnedFrom("qstash-py/tests/test_signing_key.py"), LearnedFrom("qstash-go/signing_key_test.go")]
    public async Task Read_and_rotate_both_keys()
    {
        var keys = (await GetAsync("/v2/keys")).Json;
        Assert.Equal((Emulator.DefaultUser.CurrentSigningKey, Emulator.DefaultUser.NextSigningKey), (keys.GetProperty("current").GetString(), keys.GetProperty("next").GetString()));
        var rotated = (await CallAsync("POST", "/v2/keys/rotate")).Json;
        Assert.Equal(keys.GetProperty("next").GetString(), rotated.GetProperty("current").GetString());
        Has(rotated, ("next", JsonValueKind.String));
    }

    [Fact, LearnedFrom("qstash-py/qstash/http.py")]
    public async Task Tell_a_limit_by_the_names_of_the_headers()
    {
        await using var emulator = await QStashEmulator.StartAsync(new() { TimeProvider = Clock, Quota = QuotaPlan.None with { MessagesPerDay = 1, RequestsPerSecond = 1 } }, Cancellation);
        Task<Answer> PublishAsync() => CallAsync(emulator, "POST", $"/v2/publish/{Sink.Url}/a");
        await PublishAsync();
        var daily = await PublishAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, daily.Status);
        Assert.All(["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"], name => Assert.True(long.TryParse(daily.Headers[name], out _)));
        await CallAsync(emulator, "GET", "/v2/keys");
        var burst = await CallAsync(emulator, "GET", "/v2/keys");
        Assert.Equal(HttpStatusCode.TooManyRequests, burst.Status);
        Assert.False(burst.Headers.ContainsKey("RateLimit-Limit"));
        Assert.All(["Burst-RateLimit-Limit", "Burst-RateLimit-Remaining", "Burst-RateLimit-Reset"], name => Assert.True(long.TryParse(burst.Headers[name], out _)));
    }

    static void Has(JsonElement answer, params (string Member, JsonValueKind Kind)[] members) =>
        Assert.All(members, member => Assert.Equal(member.Kind, answer.GetProperty(member.Member).ValueKind));
}
