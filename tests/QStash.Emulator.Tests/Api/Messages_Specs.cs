using System.Net;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Reading_a_message : EmulatorTest
{
    [Fact, Check(119, 121, 166)]
    public async Task Shows_what_was_published()
    {
        var id = await PublishAsync(
            "", "hello", "Upstash-Delay: 1m", "Upstash-Method: PUT", "Upstash-Forward-test-HEADER: v", "Content-Type: text/plain",
            "Upstash-Callback: http://c.example/x?y=1", "Upstash-Failure-Callback: http://f.example", "Upstash-Callback-Forward-A: 1",
            "Upstash-Retry-Delay: pow(2, retried) * 1000", "Upstash-Label: a, b", "Upstash-Retries: 7",
            "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: parallelism=2, rate=10, period=1d");
        var json = (await GetAsync("/v2/messages/" + id)).Json;
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var expected = new Dictionary<string, object?>
        {
            ["messageId"] = id,
            ["url"] = Sink.Url,
            ["method"] = "PUT",
            ["header"] = new Dictionary<string, string[]> { ["Content-Type"] = ["text/plain"], ["Test-Header"] = ["v"] },
            ["callbackHeader"] = new Dictionary<string, string[]> { ["Content-Type"] = ["application/json"], ["A"] = ["1"] },
            ["failureCallbackHeader"] = new Dictionary<string, string[]> { ["Content-Type"] = ["application/json"] },
            ["body"] = "hello",
            ["maxRetries"] = 7,
            ["retryDelayExpression"] = "pow(2, retried) * 1000",
            ["notBefore"] = now + 60_000,
            ["createdAt"] = now,
            ["callback"] = "http://c.example/x?y=1",
            ["failureCallback"] = "http://f.example",
            ["flowControlKey"] = "k",
            ["parallelism"] = 2,
            ["rate"] = 10,
            ["period"] = 86_400,
            ["callerIP"] = "127.0.0.1",
            ["label"] = "a",
            ["labels"] = new[] { "a", "b" },
        };
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(expected), json), json.GetRawText());
    }

    [Fact, Check(120)]
    public async Task Shows_a_binary_body_as_base64()
    {
        var id = await PublishAsync("/a", new byte[] { 0, 0xff, 0xfe }, "Upstash-Delay: 1m");
        var json = (await GetAsync("/v2/messages/" + id)).Json;
        Assert.Equal([0, 0xff, 0xfe], json.GetProperty("bodyBase64").GetBytesFromBase64());
        Assert.False(json.TryGetProperty("body", out _));
    }

    [Fact, Check(122)]
    public async Task Ends_with_the_delivery()
    {
        var id = await PublishAsync();
        await IdleAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/messages/" + id)).Status);
        Assert.Equal("message msg_x not found", (await GetAsync("/v2/messages/msg_x")).Error);
    }
}

public class Cancelling_messages : EmulatorTest
{
    const string Delayed = "Upstash-Delay: 1m";

    [Fact, Check(123)]
    public async Task Cancels_one()
    {
        var id = await PublishAsync("/a", null, Delayed);
        var answer = await CallAsync("DELETE", "/v2/messages/" + id);
        Assert.Equal((HttpStatusCode.Accepted, """{"cancelled":1}"""), (answer.Status, answer.Text));
        await AdvanceAsync(120);
        Assert.Empty(Sink.All);
        Assert.Equal("CREATED CANCEL_REQUESTED CANCELED", await StatesAsync(id));
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("DELETE", "/v2/messages/" + id)).Status);
    }

    [Theory] // docs/qstash-contract.md#states
    [InlineData(200, "CREATED ACTIVE CANCEL_REQUESTED DELIVERED")]
    [InlineData(500, "CREATED ACTIVE CANCEL_REQUESTED ERROR CANCELED")]
    public async Task Lets_an_open_attempt_finish(int status, string states)
    {
        var (called, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        Sink.Answer = async (_, context) =>
        {
            called.SetResult();
            await cancelled.Task;
            context.Response.StatusCode = status;
        };
        var id = await PublishAsync();
        await called.Task.WaitAsync(Cancellation);
        await CallAsync("DELETE", "/v2/messages/" + id);
        cancelled.SetResult();
        await IdleAsync();
        Assert.Equal(states, await StatesAsync(id));
    }

    [Fact, Check(124, 127)]
    public async Task Cancels_by_id()
    {
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
            ids.Add(await PublishAsync("/" + i, null, Delayed));

        Assert.Equal(2, await CancelAsync($"?messageIds={ids[0]}&messageIds={ids[1]}&messageIds=msg_unknown"));
        Assert.Equal(2, await CancelAsync($"?messageIds={ids[2]},{ids[3]}&url=ignored"));
        Assert.Equal(1, await CancelAsync("", new { messageIds = new[] { ids[4] } }));
        await AdvanceAsync(60);
        Assert.Equal(["/5"], Sink.All.Select(request => request.Target));
    }

    [Theory, Check(125)]
    [InlineData("label=x", 1)]
    [InlineData("label=y", 2)]
    [InlineData("label=x,z", 2)]
    [InlineData("url={sink}/1", 1)]
    [InlineData("url={sink}/1&url={sink}/2%3Fq=1", 2)]
    [InlineData("host=127.0.0.1", 6)]
    [InlineData("host=elsewhere", 0)]
    [InlineData("path=/2", 1)]
    [InlineData("queueName=q", 1)]
    [InlineData("topicName=g", 1)]
    [InlineData("topicName=g&topicName=other", 1)]
    [InlineData("callerIp=127.0.0.1", 6)]
    [InlineData("callerIP=10.0.0.1", 0)]
    [InlineData("flowControlKey=k", 1)]
    [InlineData("flowControlKey=k,l", 1)]
    [InlineData("flowControlKey=l", 0)]
    [InlineData("scheduleId=s", 1)]
    [InlineData("scheduleId=t", 0)]
    [InlineData("fromDate={now}", 6)]
    [InlineData("fromDate={later}", 1)]
    [InlineData("toDate={now}", 5)]
    [InlineData("toDate=1", 0)]
    [InlineData("label=y&path=/2", 1)]
    [InlineData("label=x&path=/2", 0)]
    [InlineData("flowControlKey=k&label=w", 1)]
    [InlineData("flowControlKey=k&label=x", 0)]
    public async Task Cancels_by_filter(string filter, int expected)
    {
        filter = Fill(filter);
        const string Delayed = "Upstash-Delay: 1h";
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/group" } } });
        await PublishAsync("/1", null, Delayed, "Upstash-Label: x,y");
        await PublishAsync("/2?q=1", null, Delayed, "Upstash-Label: y");
        await EnqueueAsync("q", "/queue", null, Delayed);
        await CallAsync("POST", "/v2/publish/g", null, Delayed, "Upstash-Label: z");
        await PublishAsync("/flow", null, Delayed, "Upstash-Label: w", "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: parallelism=1");
        await CallAsync("POST", $"/v2/schedules/{Sink.Url}/schedule", null, Delayed, "Upstash-Cron: 1 0 1 1 *", "Upstash-Schedule-Id: s");
        await AdvanceAsync(60);
        Assert.Equal(expected, await CancelAsync("?" + filter));
        await AdvanceAsync(3600);
        Assert.Equal(6 - expected, Sink.All.Count);
    }

    [Theory, Check(126)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("?count=2")] // deprecated, and of no effect
    [InlineData("?count=0")]
    public async Task Cancels_everything_without_a_filter(string query)
    {
        for (var i = 0; i < 5; i++)
            await PublishAsync("/" + i, null, Delayed);

        Assert.Equal(5, await CancelAsync(query));
        Assert.Equal(0, await CancelAsync(""));
    }

    [Fact] // docs/qstash-contract.md#g39
    public async Task Cancels_everything_when_no_ids_are_given()
    {
        await PublishAsync("/a", null, Delayed);
        Assert.Equal(1, await CancelAsync("", new { messageIds = Array.Empty<string>() }));
    }

    [Theory]
    [InlineData("?async=x", "async")]
    [InlineData("?fromDate=x", "fromDate")]
    [InlineData("?labeel=x", "labeel")]
    public async Task Cancels_nothing_when_a_filter_makes_no_sense(string query, string field)
    {
        await PublishAsync("/a", null, Delayed);
        AssertBadRequest(await CallAsync("DELETE", "/v2/messages" + query), field);
        Assert.Equal(1, await CancelAsync(""));
    }

    async Task<int> CancelAsync(string query, object? body = null)
    {
        var answer = await CallAsync("DELETE", "/v2/messages" + query, body);
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return answer.Json.GetProperty("cancelled").GetInt32();
    }
}
