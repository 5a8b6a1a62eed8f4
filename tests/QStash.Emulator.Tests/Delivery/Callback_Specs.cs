using System.Text;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Calling_back : EmulatorTest
{
    string Callback => "Upstash-Callback: " + Sink.Url + "/callback";

    string FailureCallback => "Upstash-Failure-Callback: " + Sink.Url + "/failure";

    [Fact, Check(74, 81, 82)]
    public async Task Reports_the_answer_of_the_destination()
    {
        AnswerAtA("pong", 200);
        var id = await PublishAsync("/a", "ping", Callback, "Content-Type: text/plain", "Upstash-Retries: 5");
        await IdleAsync();

        var request = Sink.At("/callback").Single();
        Assert.Equal(("POST", "application/json"), (request.Method, request.Header("Content-Type")));
        Assert.NotEqual(id, request.Header("Upstash-Message-Id"));
        var body = request.Json;
        Assert.Equal(200, body.GetProperty("status").GetInt32());
        Assert.Equal("pong"u8.ToArray(), body.GetProperty("body").GetBytesFromBase64());
        Assert.Equal("ping"u8.ToArray(), body.GetProperty("sourceBody").GetBytesFromBase64());
        Assert.Equal(id, body.GetProperty("sourceMessageId").GetString());
        Assert.Equal((Sink.Url + "/a", "POST"), (body.GetProperty("url").GetString(), body.GetProperty("method").GetString()));
        Assert.Equal(5, body.GetProperty("maxRetries").GetInt32());
        Assert.Equal("text/plain", body.GetProperty("sourceHeader").GetProperty("Content-Type")[0].GetString());
        Assert.Equal("A", body.GetProperty("header").GetProperty("X-Answer")[0].GetString());
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal((now, now), (body.GetProperty("createdAt").GetInt64(), body.GetProperty("notBefore").GetInt64()));
        Assert.Equal("127.0.0.1", body.GetProperty("callerIP").GetString());
        Assert.False(body.TryGetProperty("dlqId", out _));
    }

    [Fact, Check(75)]
    public async Task Reports_each_attempt()
    {
        AnswerAtA("", 500, 200);
        await PublishAsync("/a", null, Callback);
        await AdvanceAsync(13);
        Assert.Equal(
            [(500, 0), (200, 1)],
            Sink.At("/callback").Select(request => (request.Json.GetProperty("status").GetInt32(), request.Json.GetProperty("retried").GetInt32())));
    }

    [Fact, Check(76)]
    public async Task Reports_a_final_failure_once_with_its_dead_letter()
    {
        AnswerAtA("", 200);
        await PublishAsync("/a", null, FailureCallback);
        await IdleAsync();
        Assert.Empty(Sink.At("/failure"));

        AnswerAtA("boom", 500);
        var id = await PublishAsync("/a", null, FailureCallback, "Upstash-Retries: 1");
        await AdvanceAsync(60);
        var body = Sink.At("/failure").Single().Json;
        Assert.Equal((500, 1, 1), (body.GetProperty("status").GetInt32(), body.GetProperty("retried").GetInt32(), body.GetProperty("maxRetries").GetInt32()));
        var letter = await GetAsync("/v2/dlq/" + body.GetProperty("dlqId").GetString());
        Assert.Equal(id, letter.Id);
    }

    [Fact, Check(43, 77)]
    public async Task Reports_the_last_failure_both_ways()
    {
        AnswerAtA("", 500);
        await PublishAsync("/a", null, Callback, FailureCallback, "Upstash-Retries: 0");
        await IdleAsync();
        Assert.Single(Sink.At("/callback"));
        Assert.Single(Sink.At("/failure"));
        Assert.All(Sink.All, request => Assert.NotEmpty(request.Header("Upstash-Signature")!));
    }

    [Fact, Check(78, 79)]
    public async Task Configures_each_callback_on_its_own()
    {
        AnswerAtA("", 500);
        await PublishAsync(
            "/a", null, Callback, FailureCallback, "Upstash-Retries: 0", "Upstash-Forward-X: source", "Upstash-Callback-Method: PUT",
            "Upstash-Callback-Forward-X: callback", "Upstash-Failure-Callback-Forward-Y: failure", "Upstash-Failure-Callback-Method: PATCH");
        await IdleAsync();
        Assert.Equal(("POST", "source", null), Seen("/a"));
        Assert.Equal(("PUT", "callback", null), Seen("/callback"));
        Assert.Equal(("PATCH", null, "failure"), Seen("/failure"));
    }

    [Fact, Check(80, 85)]
    public async Task Retries_a_callback_on_its_own_budget()
    {
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/a" ? 200 : 500;
            return Task.CompletedTask;
        };
        var id = await PublishAsync("/a", null, Callback, "Upstash-Retries: 1", FailureCallback);
        await AdvanceAsync(60);
        Assert.Equal(2, Sink.At("/callback").Count);
        Assert.Empty(Sink.At("/failure"));
        Assert.Equal("CREATED ACTIVE DELIVERED", await StatesAsync(id));
        var letter = (await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray().Single();
        Assert.Equal(Sink.Url + "/callback", letter.GetProperty("url").GetString());

        await PublishAsync("/a", null, Callback, "Upstash-Callback-Retries: 0");
        await AdvanceAsync(60);
        Assert.Equal(3, Sink.At("/callback").Count);
    }

    [Fact] // docs/qstash-contract.md#callbacks
    public async Task Reports_each_endpoint_of_a_group_on_its_own()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/a", name = "one" }, new { url = Sink.Url + "/b", name = "" } } });
        AnswerAtA("", 500);
        var ids = (await CallAsync("POST", "/v2/publish/g", null, Callback, FailureCallback, "Upstash-Retries: 0")).Json
            .EnumerateArray().Select(entry => entry.GetProperty("messageId").GetString()).ToList();
        await IdleAsync();
        Assert.Equal(
            new[] { $"{ids[0]} g one 500", $"{ids[1]} g  200" }.Order(),
            Sink.At("/callback").Select(request => request.Json).Select(body =>
                $"{body.GetProperty("sourceMessageId")} {body.GetProperty("topicName")} {(body.TryGetProperty("endpointName", out var name) ? name : "")} {body.GetProperty("status")}").Order());
        var failure = Sink.At("/failure").Single();
        Assert.Null(failure.Header("Upstash-Topic-Name"));
        Assert.Equal((ids[0], "one"), (failure.Json.GetProperty("sourceMessageId").GetString(), failure.Json.GetProperty("endpointName").GetString()));
        Assert.Equal(ids[0], (await GetAsync("/v2/dlq/" + failure.Json.GetProperty("dlqId").GetString())).Id);
    }

    [Fact]
    public async Task Times_a_callback_out_on_its_own()
    {
        var called = new TaskCompletionSource();
        Sink.Answer = async (request, context) =>
        {
            if (request.Target == "/callback")
            {
                called.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        };
        await PublishAsync("/a", null, Callback, "Upstash-Callback-Timeout: 5s", "Upstash-Callback-Retries: 0");
        await called.Task.WaitAsync(Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(5));
        await IdleAsync();
        Assert.Equal(1, (await GetAsync("/v2/dlq")).Json.GetProperty("messages").GetArrayLength());
    }

    [Fact] // as the SDK for workflows uses it
    public async Task Reports_a_callback_that_cannot_be_delivered()
    {
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/callback" ? 500 : 200;
            return Task.CompletedTask;
        };
        await PublishAsync(
            "/a", null, $"Upstash-Callback: {Sink.Url}/callback", "Upstash-Callback-Retries: 0",
            $"Upstash-Callback-Failure-Callback: {Sink.Url}/lost", "Upstash-Callback-Failure-Callback-Forward-X: 1");
        await IdleAsync();
        var report = Sink.At("/lost").Single();
        Assert.Equal("1", report.Header("X"));
        Assert.Equal(Sink.At("/callback").Single().Header("Upstash-Message-Id"), report.Json.GetProperty("sourceMessageId").GetString());
        Assert.Equal((500, Sink.Url + "/callback"), (report.Json.GetProperty("status").GetInt32(), report.Json.GetProperty("url").GetString()));
    }

    [Theory]
    [InlineData("Upstash-Callback-Failure-Callback: nonsense")]
    [InlineData("Upstash-Callback-Failure-Callback-Delay: 5s")]
    [InlineData("Upstash-Callback-Failure-Callback-Failure-Callback: http://x.example")]
    public async Task Refuses_what_the_failure_callback_of_a_callback_cannot_have(string header) =>
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, Callback, header), header[..header.IndexOf(':')]);

    [Theory, Check(83)]
    [InlineData("Upstash-Callback-Delay: 5s")]
    [InlineData("Upstash-Callback-Not-Before: 1767225700")]
    [InlineData("Upstash-Callback-Content-Based-Deduplication: true")]
    [InlineData("Upstash-Failure-Callback-Failure-Callback: http://x.example")]
    [InlineData("Upstash-Callback-Retries: x")]
    [InlineData("Upstash-Callback-Callback: http://x.example")]
    [InlineData("Upstash-Callback-Deduplication-Id: x")]
    public async Task Refuses_what_a_callback_cannot_have(string header) =>
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, Callback, header), header[..header.IndexOf(':')]);

    [Theory]
    [InlineData("Upstash-Callback-Retries: x")]
    [InlineData("Upstash-Failure-Callback-Timeout: 5")]
    public async Task Checks_options_of_a_callback_even_without_its_url(string header) =>
        AssertBadRequest(await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, header), header[..header.IndexOf(':')]);

    (string Method, string? X, string? Y) Seen(string path)
    {
        var request = Sink.At(path).Single();
        return (request.Method, request.Header("X"), request.Header("Y"));
    }

    void AnswerAtA(string text, params int[] statuses)
    {
        var next = -1;
        Sink.Answer = async (request, context) =>
        {
            if (request.Target != "/a")
                return;

            context.Response.StatusCode = statuses[Math.Min(++next, statuses.Length - 1)];
            context.Response.Headers["x-answer"] = "A";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        };
    }
}
