using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Delivering_a_message_now : EmulatorTest
{
    [Fact]
    public async Task Skips_its_delay()
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        await RetryAsync(id, HttpStatusCode.OK);
        await IdleAsync();
        Assert.Equal("0", Sink.All.Single().Header("Upstash-Retried"));
        await AdvanceAsync(2 * 86_400);
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Skips_the_wait_for_a_retry_and_takes_that_retry()
    {
        Sink.AnswerWith(500);
        var id = await PublishAsync("/a", null, "Upstash-Retries: 2");
        await IdleAsync();
        await RetryAsync(id, HttpStatusCode.OK);
        await IdleAsync();
        Assert.Equal(["0", "1"], Sink.All.Select(request => request.Header("Upstash-Retried")));
        // The time of the first wait means nothing any more; the second one is 148 seconds.
        await AdvanceAsync(140);
        Assert.Equal(2, Sink.All.Count);
        await AdvanceAsync(10);
        Assert.Equal(3, Sink.All.Count);
        Assert.Single((await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Twice_is_once()
    {
        var (arrived, answers) = Sink.Hold();
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1d");
        await RetryAsync(id, HttpStatusCode.OK);
        await arrived.WaitAsync(Cancellation);
        await RetryAsync(id, HttpStatusCode.NotFound);
        answers.Release();
        await IdleAsync();
        await RetryAsync(id, HttpStatusCode.NotFound);
        Assert.Single(Sink.All);
    }

    [Fact]
    public async Task Keeps_to_flow_control()
    {
        const string Key = "Upstash-Flow-Control-Key: k";
        const string Value = "Upstash-Flow-Control-Value: rate=1, period=1h";
        await PublishAsync("/first", null, Key, Value);
        var id = await PublishAsync("/second", null, Key, Value, "Upstash-Delay: 1d");
        await IdleAsync();
        await RetryAsync(id, HttpStatusCode.OK);
        await IdleAsync();
        Assert.Single(Sink.All);
        // It waits for its turn now, and not for its time.
        await RetryAsync(id, HttpStatusCode.NotFound);
        await AdvanceAsync(3600);
        Assert.Equal(2, Sink.All.Count);
    }

    [Fact]
    public async Task Is_refused_in_a_queue()
    {
        var id = (await EnqueueAsync("q", "/a", null, "Upstash-Delay: 1d")).Id;
        AssertBadRequest(await CallAsync("POST", $"/v2/messages/{id}/retry"), "queue");
    }

    [Theory]
    [InlineData("msg_unknown", HttpStatusCode.NotFound)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    public async Task Does_not_know_others(string id, HttpStatusCode status) => await RetryAsync(id, status);

    async Task RetryAsync(string id, HttpStatusCode status) =>
        Assert.Equal(status, (await CallAsync("POST", $"/v2/messages/{id}/retry")).Status);
}
