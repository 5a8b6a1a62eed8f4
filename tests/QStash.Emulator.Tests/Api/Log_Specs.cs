using System.Text;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Logging_events : EmulatorTest
{
    [Fact, Check(137, 138)]
    public async Task Tells_the_life_of_a_message()
    {
        var id = await PublishAsync("/a", "x", "Upstash-Delay: 5s", "Upstash-Timeout: 3s");
        await AdvanceAsync(5);
        var events = (await GetAsync("/v2/events?order=earliestFirst")).Json.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(["CREATED", "ACTIVE", "DELIVERED"], events.Select(entry => entry.GetProperty("state").GetString()));
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal([now - 5000, now, now], events.Select(entry => entry.GetProperty("time").GetInt64()));
        Assert.Equal(id, events[0].GetProperty("messageId").GetString());
        Assert.Equal(Sink.Url + "/a", events[0].GetProperty("url").GetString());
        Assert.Equal("x"u8.ToArray(), events[0].GetProperty("body").GetBytesFromBase64());
        Assert.Equal(3000, events[0].GetProperty("timeout").GetInt64());
        Assert.False(events[2].TryGetProperty("responseStatus", out _));

        var logs = (await GetAsync("/v2/logs")).Json.GetProperty("logs").EnumerateArray().Select(entry => entry.GetProperty("state").GetString());
        Assert.Equal(["DELIVERED", "ACTIVE", "CREATED"], logs);
    }

    [Fact]
    public async Task Forgets_the_oldest_in_their_order()
    {
        await Emulator.DisposeAsync();
        Emulator = await QStashEmulator.StartAsync(
            new QStashEmulatorOptions { TimeProvider = Clock, Quota = QuotaPlan.None with { LogRetention = TimeSpan.FromSeconds(25) } }, Cancellation);
        List<string> published = [];
        for (var round = 0; round < 40; round++)
        {
            for (var i = 0; i < 7; i++)
                published.Add(await PublishAsync());

            await AdvanceAsync(10);
            // A round is 21 entries, and the log has those of the last two.
            var events = (await GetAsync("/v2/events?order=earliestFirst")).Json.GetProperty("events").EnumerateArray().ToList();
            var logs = (await GetAsync("/v2/logs")).Json.GetProperty("logs").EnumerateArray().Select(entry => entry.GetProperty("time").GetInt64()).ToList();
            Assert.Equal(Math.Min(round + 1, 2) * 21, events.Count);
            Assert.Equal(published[^(events.Count / 3)..],
                events.Where(entry => entry.GetProperty("state").GetString() == "CREATED").Select(entry => entry.GetProperty("messageId").GetString()));
            Assert.Equal(logs, events.Select(entry => entry.GetProperty("time").GetInt64()).Reverse());
        }
    }

    [Fact, Check(139)]
    public async Task Explains_an_error()
    {
        Sink.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["x-why"] = "busy";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("later"));
        };
        await PublishAsync();
        await IdleAsync();
        var error = (await GetAsync("/v2/events?state=ERROR")).Json.GetProperty("events").EnumerateArray().Single();
        Assert.Equal(503, error.GetProperty("responseStatus").GetInt32());
        Assert.Equal("later"u8.ToArray(), error.GetProperty("responseBody").GetBytesFromBase64());
        Assert.Equal("busy", error.GetProperty("responseHeaders").GetProperty("X-Why")[0].GetString());
        Assert.Contains("503", error.GetProperty("error").GetString(), StringComparison.Ordinal);
        var retry = (await GetAsync("/v2/events?state=RETRY")).Json.GetProperty("events").EnumerateArray().Single();
        var next = Clock.GetUtcNow().ToUnixTimeMilliseconds() + 12_182;
        Assert.Equal((next, next), (error.GetProperty("nextDeliveryTime").GetInt64(), retry.GetProperty("nextDeliveryTime").GetInt64()));
    }

    [Theory, Check(140, 166)]
    [InlineData("messageId={id}", 4)]
    [InlineData("messageIds={id}&messageIds=other", 4)]
    [InlineData("state=CREATED", 3)]
    [InlineData("state=IN_PROGRESS", 4)]
    [InlineData("state=FAILED", 1)]
    [InlineData("url={sink}/fail", 4)]
    [InlineData("host=127.0.0.1&path=/fail", 4)]
    [InlineData("queueName=q", 3)]
    [InlineData("topicName=g", 3)]
    [InlineData("scheduleId=s", 0)]
    [InlineData("flowControlKey=k", 3)]
    [InlineData("flowControlKey=l", 0)]
    [InlineData("label=l", 4)]
    [InlineData("label=m&state=FAILED", 1)]
    [InlineData("fromDate={now}", 10)]
    [InlineData("toDate=1", 0)]
    [InlineData("count=2", 2)]
    public async Task Lists_by_filter(string filter, int expected)
    {
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/fail" ? 500 : 200;
            return Task.CompletedTask;
        };
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/group" } } });
        var id = await PublishAsync("/fail", null, "Upstash-Retries: 0", "Upstash-Label: l,m");
        await EnqueueAsync("q", "/queue", null, "Upstash-Flow-Control-Key: k", "Upstash-Flow-Control-Value: parallelism=1");
        await CallAsync("POST", "/v2/publish/g");
        await IdleAsync();
        Assert.Equal(expected, (await GetAsync("/v2/events?" + Fill(filter, id))).Json.GetProperty("events").GetArrayLength());
    }

    [Theory, Check(140)]
    [InlineData("earliestFirst")]
    [InlineData("latestFirst")]
    public async Task Pages_through_all(string order)
    {
        for (var i = 0; i < 4; i++)
            await PublishAsync();

        await IdleAsync();
        var all = Entries((await GetAsync("/v2/events?order=" + order)).Json);
        var (seen, cursor) = (new List<string>(), "");
        while (cursor is not null)
        {
            var page = (await GetAsync($"/v2/events?order={order}&count=5{cursor}")).Json;
            seen.AddRange(Entries(page));
            cursor = page.TryGetProperty("cursor", out var next) ? "&cursor=" + next.GetString() : null;
        }

        Assert.Equal(12, all.Count);
        Assert.Equal(all, seen);
    }

    [Theory, Check(141)]
    [InlineData("CANCELLED")]
    [InlineData("CANCELED")]
    public async Task Knows_both_spellings_of_cancelled(string state)
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1m");
        await CallAsync("DELETE", "/v2/messages/" + id);
        Assert.Equal(1, (await GetAsync("/v2/logs?state=" + state)).Json.GetProperty("logs").GetArrayLength());
    }

    [Fact]
    public async Task Names_a_state_that_does_not_exist() => AssertBadRequest(await GetAsync("/v2/logs?state=LOST"), "state");

    static List<string> Entries(JsonElement page) =>
        [.. page.GetProperty("events").EnumerateArray().Select(entry => $"{entry.GetProperty("messageId")} {entry.GetProperty("state")}")];
}
