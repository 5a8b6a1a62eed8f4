using System.Globalization;
using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Exceeding_the_free_plan : EmulatorTest
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, Quota = QuotaPlan.Free };

    [Fact, Check(32)]
    public async Task Refuses_a_body_that_is_too_large()
    {
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", new byte[1024 * 1024])).Status);
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", new byte[(1024 * 1024) + 1]), "quota maxMessageSize exceeded, current limit: 1048576");
    }

    [Theory, Check(39)] // docs/qstash-contract.md#errors
    [InlineData("Upstash-Delay: 7d", null)]
    [InlineData("Upstash-Delay: 604801s", "quota maxDelay exceeded, current limit: 604800")]
    [InlineData("Upstash-Not-Before: 1767830401", "quota maxDelay exceeded, current limit: 604800")]
    [InlineData("Upstash-Retries: 3", null)]
    [InlineData("Upstash-Retries: 4", "quota maxRetries exceeded, current limit: 3")]
    public async Task Refuses_a_message_that_asks_for_too_much(string header, string? expected)
    {
        foreach (var target in new[] { $"/v2/publish/{Sink.Url}/a", $"/v2/enqueue/q/{Sink.Url}/a" })
        {
            var answer = await CallAsync("POST", target, null, header);
            if (expected is null)
                Assert.Equal(HttpStatusCode.OK, answer.Status);
            else
                AssertBadRequest(answer, expected);
        }
    }

    [Theory]
    [InlineData("Upstash-Callback")]
    [InlineData("Upstash-Failure-Callback")]
    public async Task Refuses_a_callback_that_asks_for_too_many_retries(string header) => AssertBadRequest(
        await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, $"{header}: {Sink.Url}", $"{header}-Retries: 4"), "maxRetries");

    [Fact] // docs/qstash-contract.md#schedules
    public async Task Refuses_one_schedule_too_many()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await ScheduleAsync($"s{i}")).Status);

        AssertExceeded(await ScheduleAsync("s10"), "quota maxSchedules exceeded, current limit: 10");
        Assert.Equal(HttpStatusCode.OK, (await ScheduleAsync("s3")).Status);
        AssertBadRequest(await ScheduleAsync("s3", "Upstash-Retries: 4"), "maxRetries");
        await CallAsync("DELETE", "/v2/schedules/s0");
        Assert.Equal(HttpStatusCode.OK, (await ScheduleAsync("s10")).Status);
    }

    [Fact] // An existing one can always be updated
    public async Task Refuses_one_queue_too_many()
    {
        for (var i = 0; i < 9; i++)
            await EnqueueAsync("q" + i);

        Assert.Equal(HttpStatusCode.OK, (await QueueAsync("q9", 2)).Status);
        AssertExceeded(await QueueAsync("q10", 1), "quota maxQueues exceeded, current limit: 10");
        AssertExceeded(await EnqueueAsync("q10"), "quota maxQueues exceeded");
        AssertExceeded(await QueueAsync("q9", 3), "quota maxQueueParallelism exceeded, current limit: 2");
        Assert.Equal(HttpStatusCode.OK, (await QueueAsync("q9", 1)).Status);
        await IdleAsync();
        Assert.Equal(9, Sink.All.Count);
    }

    [Fact]
    public async Task Refuses_one_url_group_and_one_endpoint_too_many()
    {
        Assert.Equal(HttpStatusCode.OK, (await EndpointsAsync("g", 0, 100)).Status);
        AssertExceeded(await EndpointsAsync("h", 0, 1), "quota maxUrlGroups exceeded, current limit: 1");
        AssertExceeded(await EndpointsAsync("g", 99, 2), "quota maxEndpoints exceeded, current limit: 100");
        Assert.Equal(HttpStatusCode.OK, (await EndpointsAsync("g", 50, 50)).Status);
        Assert.Equal(100, (await GetAsync("/v2/topics/g")).Json.GetProperty("endpoints").GetArrayLength());
        await CallAsync("DELETE", "/v2/topics/g");
        AssertExceeded(await EndpointsAsync("g", 0, 101), "maxEndpoints");
        Assert.Equal("[]", (await GetAsync("/v2/topics")).Text);
    }

    [Fact, Check(11)] // docs/qstash-contract.md#rate-limits
    public async Task Refuses_one_message_too_many_until_midnight()
    {
        await AdvanceAsync(23 * 3600);
        for (var i = 0; i < 10; i++)
            await CallAsync("POST", "/v2/batch", Enumerable.Repeat(new { destination = Sink.Url + "/a" }, i < 9 ? 100 : 99));

        await IdleAsync();
        Assert.Equal(999, Sink.All.Count);
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1" }, new { url = Sink.Url + "/2" } } });
        AssertLimited(await CallAsync("POST", "/v2/publish/g"), remaining: 1);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/publish/{Sink.Url}/a")).Status);
        AssertLimited(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a"), remaining: 0);
        AssertLimited(await EnqueueAsync("q"), remaining: 0);
        AssertLimited(await CallAsync("POST", "/v2/batch", new[] { new { destination = Sink.Url } }), remaining: 0);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/publish/{Sink.Url}/other", null, "Authorization: Bearer " + TestUser1)).Status);

        var scheduled = (await ScheduleAsync("s")).String("scheduleId");
        await AdvanceAsync(60);
        Assert.Contains("messagesPerDay", (await GetAsync("/v2/schedules/" + scheduled)).String("error"), StringComparison.Ordinal);
        await CallAsync("DELETE", "/v2/schedules/s");
        await AdvanceAsync(3540);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/publish/{Sink.Url}/a")).Status);
    }

    [Fact, Check(11, 12)]
    public async Task Refuses_one_call_too_many_in_a_second_unless_it_publishes()
    {
        for (var i = 0; i < 100; i++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/queues")).Status);

        var answer = await GetAsync("/v2/logs");
        Assert.Equal((HttpStatusCode.TooManyRequests, "100", "0"), (answer.Status, answer.Headers["Burst-RateLimit-Limit"], answer.Headers["Burst-RateLimit-Remaining"]));
        Assert.Equal($"{Clock.GetUtcNow().ToUnixTimeSeconds() + 1}", answer.Headers["Burst-RateLimit-Reset"]);
        Assert.False(answer.Headers.ContainsKey("RateLimit-Limit"));
        Assert.NotEmpty(answer.Error);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/V2/Publish/{Sink.Url}/a")).Status);
        Assert.Equal(HttpStatusCode.OK, (await EnqueueAsync("q")).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/v2/batch/", Array.Empty<object>())).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("GET", "/v2/queues", null, "Authorization: Bearer " + TestUser1)).Status);
        await AdvanceAsync(1);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/logs")).Status);
    }

    [Fact, Check(161)] // docs/qstash-contract.md#plans: ten attempts at a time
    public async Task Opens_no_more_attempts_at_a_time_than_the_plan_allows()
    {
        var (arrived, answers) = Sink.Hold();
        for (var i = 0; i < 15; i++)
            await PublishAsync();

        for (var i = 0; i < 10; i++)
            await arrived.WaitAsync(Cancellation);

        Assert.Equal("""{"parallelismMax":10,"parallelismCount":10}""", (await GetAsync("/v2/globalParallelism")).Text);
        await CallAsync("POST", $"/v2/publish/{Sink.Url}/other", null, "Authorization: Bearer " + TestUser1);
        await arrived.WaitAsync(Cancellation);
        Assert.Equal(11, Sink.All.Count);
        answers.Release(16);
        await IdleAsync();
        Assert.Equal((16, 11), (Sink.All.Count, Sink.MostAtOnce));
    }

    [Fact] // docs/qstash-contract.md#plans: 15 minutes
    public async Task Gives_up_an_attempt_that_takes_too_long()
    {
        var called = new TaskCompletionSource();
        Sink.Answer = (_, context) =>
        {
            called.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        await PublishAsync("/a", null, "Upstash-Timeout: 1h", "Upstash-Retries: 0");
        await called.Task.WaitAsync(Cancellation);
        Clock.Advance(TimeSpan.FromMinutes(15));
        await IdleAsync();
        Assert.Equal(1, (await GetAsync("/v2/dlq")).Json.GetProperty("messages").GetArrayLength());
    }

    [Fact] // docs/qstash-contract.md#plans: three days
    public async Task Forgets_dead_letters_and_log_entries()
    {
        Sink.AnswerWith(500);
        await PublishAsync("/a", null, "Upstash-Retries: 0");
        await IdleAsync();
        var letter = (await GetAsync("/v2/dlq")).Json.GetProperty("messages")[0].GetProperty("dlqId").GetString();
        await AdvanceAsync(TimeSpan.FromDays(3).TotalSeconds);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/dlq/" + letter)).Status);
        Assert.Equal(4, (await GetAsync("/v2/logs")).Json.GetProperty("logs").GetArrayLength());
        await AdvanceAsync(1);
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("POST", "/v2/dlq/retry/" + letter)).Status);
        Assert.Equal(0, (await GetAsync("/v2/dlq")).Json.GetProperty("messages").GetArrayLength());
        Assert.Equal(0, (await GetAsync("/v2/logs")).Json.GetProperty("logs").GetArrayLength());
    }

    Task<Answer> ScheduleAsync(string id, params string[] headers) =>
        CallAsync("POST", $"/v2/schedules/{Sink.Url}/a", null, ["Upstash-Cron: * * * * *", "Upstash-Schedule-Id: " + id, .. headers]);

    Task<Answer> QueueAsync(string name, int parallelism) => CallAsync("POST", "/v2/queues", new { queueName = name, parallelism });

    Task<Answer> EndpointsAsync(string group, int first, int count) =>
        CallAsync("POST", $"/v2/topics/{group}/endpoints", new { endpoints = Enumerable.Range(first, count).Select(i => new { url = $"{Sink.Url}/{i}" }) });

    static void AssertExceeded(Answer answer, string expected)
    {
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.Status);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }

    static void AssertLimited(Answer answer, int remaining)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.NotEmpty(answer.Error);
        Assert.Equal(("1000", $"{remaining}"), (answer.Headers["RateLimit-Limit"], answer.Headers["RateLimit-Remaining"]));
        var midnight = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal(midnight, long.Parse(answer.Headers["RateLimit-Reset"], CultureInfo.InvariantCulture));
        Assert.False(answer.Headers.ContainsKey("Burst-RateLimit-Limit"));
    }
}

public class Staying_on_another_plan : EmulatorTest
{
    [Fact] // 3.4: permissive unless asked
    public async Task Limits_neither_retries_nor_calls_by_default()
    {
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, "Upstash-Retries: 999")).Status);
        for (var i = 0; i < 150; i++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v2/keys")).Status);
    }

    [Fact] // docs/qstash-contract.md#plans
    public async Task Knows_the_numbers_of_the_paid_ones()
    {
        await using var payg = await QStashEmulator.StartAsync(new() { TimeProvider = Clock, Quota = QuotaPlan.PayAsYouGo }, Cancellation);
        await using var pro = await QStashEmulator.StartAsync(new() { TimeProvider = Clock, Quota = QuotaPlan.Pro }, Cancellation);
        var target = $"/v2/publish/{Sink.Url}/a";
        AssertBadRequest(await CallAsync(payg, "POST", target, null, "Upstash-Retries: 6"), "quota maxRetries exceeded, current limit: 5");
        AssertBadRequest(await CallAsync(payg, "POST", target, null, "Upstash-Delay: 366d"), "quota maxDelay exceeded, current limit: 31536000");
        AssertBadRequest(await CallAsync(pro, "POST", target, null, "Upstash-Retries: 21"), "quota maxRetries exceeded, current limit: 20");
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(pro, "POST", target, null, "Upstash-Delay: 3660d")).Status);
    }
}
