using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Enqueueing : EmulatorTest
{
    [Fact, Check(102)]
    public async Task Creates_the_queue()
    {
        await EnqueueAsync("q");
        var queue = (await GetAsync("/v2/queues/q")).Json;
        Assert.Equal("q", queue.GetProperty("name").GetString());
        Assert.Equal(1, queue.GetProperty("parallelism").GetInt32());
        Assert.False(queue.GetProperty("paused").GetBoolean());
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeMilliseconds(), queue.GetProperty("createdAt").GetInt64());
    }

    [Fact] // docs/qstash-contract.md#enqueue
    public async Task Takes_a_url_group_with_its_default_headers()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/1" }, new { url = Sink.Url + "/2" } } });
        await CallAsync("PATCH", "/v2/topics/g", """{"headers":{"Upstash-Forward-X":"group"}}""");
        var answer = await CallAsync("POST", "/v2/enqueue/q/g", "x");
        await CallAsync("POST", "/v2/batch", new[] { new { destination = "g", queue = "q" } });
        await IdleAsync();
        Assert.Equal([Sink.Url + "/1", Sink.Url + "/2"], answer.Json.EnumerateArray().Select(entry => entry.GetProperty("url").GetString()));
        Assert.Equal(["/1 group", "/2 group", "/1 group", "/2 group"], Sink.All.Select(request => $"{request.Target} {request.Header("X")}"));
        Assert.Equal(12, (await GetAsync("/v2/logs?queueName=q")).Json.GetProperty("logs").GetArrayLength());
    }

    [Fact, Check(103)]
    public async Task Delivers_strictly_in_order()
    {
        for (var i = 0; i < 20; i++)
            await EnqueueAsync("q", "/" + i);

        await IdleAsync();
        Assert.Equal(Enumerable.Range(0, 20).Select(i => "/" + i), Sink.All.Select(request => request.Target));
        Assert.Equal(1, Sink.MostAtOnce);
    }

    [Fact, Check(104, 109)]
    public async Task Blocks_behind_a_message_that_is_being_retried()
    {
        Fail("/1");
        await EnqueueAsync("q", "/1", null, "Upstash-Retries: 2");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        Assert.Equal(["/1"], Sink.All.Select(request => request.Target));
        Assert.Equal(2, (await GetAsync("/v2/queues/q")).Json.GetProperty("lag").GetInt32());

        await AdvanceAsync(12.2);
        Assert.Equal(["/1", "/1"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(150);
        Assert.Equal(["/1", "/1", "/1", "/2"], Sink.All.Select(request => request.Target));
        Assert.Equal(0, (await GetAsync("/v2/queues/q")).Json.GetProperty("lag").GetInt32());
    }

    [Fact, Check(104)]
    public async Task Goes_on_when_a_retry_is_delivered()
    {
        Sink.AnswerWith(500, 200);
        await EnqueueAsync("q", "/1");
        await EnqueueAsync("q", "/2");
        await AdvanceAsync(12);
        Assert.Equal(["/1"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(1);
        Assert.Equal(["/1", "/1", "/2"], Sink.All.Select(request => request.Target));
    }

    [Fact, Check(105)]
    public async Task Waits_for_the_callback_of_the_message_before()
    {
        Fail("/callback");
        await EnqueueAsync("q", "/1", null, $"Upstash-Callback: {Sink.Url}/callback", "Upstash-Retries: 1");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        Assert.Equal(["/1", "/callback"], Sink.All.Select(request => request.Target));
        await AdvanceAsync(13);
        Assert.Equal(["/1", "/callback", "/callback", "/2"], Sink.All.Select(request => request.Target));
    }

    [Fact, Check(106)]
    public async Task Delivers_as_many_at_once_as_the_queue_allows()
    {
        await UpsertAsync("""{"queueName":"q","parallelism":2}""");
        var (arrived, answers) = Sink.Hold();
        for (var i = 0; i < 4; i++)
            await EnqueueAsync("q", "/" + i);

        await arrived.WaitAsync(Cancellation);
        await arrived.WaitAsync(Cancellation);
        Assert.Equal(2, await ActiveAsync());
        answers.Release();
        await arrived.WaitAsync(Cancellation);
        Assert.Equal(3, await ActiveAsync());
        answers.Release(3);
        await IdleAsync();
        Assert.Equal((4, 2), (Sink.All.Count, Sink.MostAtOnce));

        // ACTIVE is logged before the request leaves, so this count does not depend on the speed of the network.
        async Task<int> ActiveAsync() => (await GetAsync("/v2/events?state=ACTIVE")).Json.GetProperty("events").GetArrayLength();
    }

    [Fact, Check(107, 108)]
    public async Task Keeps_messages_while_the_queue_is_paused()
    {
        await UpsertAsync("""{"queueName":"q","parallelism":1,"paused":true}""");
        await EnqueueAsync("q", "/1");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        Assert.True(await PausedAsync());
        Assert.Empty(Sink.All);

        await CallAsync("POST", "/v2/queues/q/resume");
        await CallAsync("POST", "/v2/queues/q/resume");
        await IdleAsync();
        Assert.False(await PausedAsync());
        Assert.Equal(["/1", "/2"], Sink.All.Select(request => request.Target));

        await CallAsync("POST", "/v2/queues/q/pause");
        await CallAsync("POST", "/v2/queues/q/pause");
        Assert.True(await PausedAsync());
        await EnqueueAsync("q", "/3");
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);

        async Task<bool> PausedAsync() => (await GetAsync("/v2/queues/q")).Json.GetProperty("paused").GetBoolean();
    }

    [Fact]
    public async Task Holds_retries_back_while_the_queue_is_paused()
    {
        Sink.AnswerWith(500, 200);
        await EnqueueAsync("q", "/1");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        await CallAsync("POST", "/v2/queues/q/pause");
        await AdvanceAsync(60);
        Assert.Equal(["/1"], Sink.All.Select(request => request.Target));
        await CallAsync("POST", "/v2/queues/q/resume");
        await IdleAsync();
        Assert.Equal(["/1", "/1", "/2"], Sink.All.Select(request => request.Target));
    }

    [Fact]
    public async Task Goes_on_when_the_head_is_cancelled()
    {
        Fail("/1");
        var head = await EnqueueAsync("q", "/1");
        await EnqueueAsync("q", "/2");
        await IdleAsync();
        await CallAsync("DELETE", "/v2/messages/" + head.Id);
        await IdleAsync();
        Assert.Equal(["/1", "/2"], Sink.All.Select(request => request.Target));
    }

    [Fact, Check(110)]
    public async Task Deletes_a_queue_and_what_waits_in_it()
    {
        await UpsertAsync("""{"queueName":"q","paused":true}""");
        var id = (await EnqueueAsync("q")).Id;
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/v2/queues/q")).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("DELETE", "/v2/queues/q")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/queues/q")).Status);
        Assert.Equal("CREATED CANCEL_REQUESTED CANCELED", await StatesAsync(id));
    }

    [Fact]
    public async Task Lets_a_retry_go_on_when_its_paused_queue_is_deleted()
    {
        Sink.AnswerWith(500, 200);
        await EnqueueAsync("q");
        await IdleAsync();
        await CallAsync("POST", "/v2/queues/q/pause");
        await AdvanceAsync(60);
        await CallAsync("DELETE", "/v2/queues/q");
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);
    }

    [Fact] // openapi: 200 or 400, and no 404
    public async Task Can_be_paused_before_it_is_there()
    {
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/v2/queues/q/resume")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v2/queues/q")).Status);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("POST", "/v2/queues/q/pause")).Status);
        await EnqueueAsync("q");
        await IdleAsync();
        Assert.Empty(Sink.All);
        await CallAsync("POST", "/v2/queues/q/resume");
        await IdleAsync();
        Assert.Single(Sink.All);
        AssertBadRequest(await CallAsync("POST", "/v2/queues/a%20b/pause"), "queue name");
    }

    [Theory, Check(111)]
    [InlineData("""{"queueName":".","parallelism":1}""", "queueName")]
    [InlineData("""{"queueName":"..","parallelism":1}""", "queueName")]
    [InlineData("""{"queueName":"q","parallelism":0}""", "parallelism")]
    [InlineData("""{"queueName":"q","parallelism":1.5}""", "parallelism")]
    [InlineData("""{"queueName":"q","parallelism":"2"}""", "parallelism")]
    [InlineData("""{"queueName":"q","paused":"yes"}""", "paused")]
    [InlineData("""{"queueName":"a b","parallelism":1}""", "queueName")]
    [InlineData("""{"parallelism":1}""", "queueName")]
    [InlineData("""{"queueName":"\ud800"}""", "queueName")]
    public async Task Names_what_is_wrong(string body, string field) => AssertBadRequest(await UpsertAsync(body), "invalid " + field);

    [Theory, Check(111)]
    [InlineData("a%20b/https://x.example", "queue name")]
    [InlineData("q", "non-empty destination")]
    [InlineData("", "queue name")]
    public async Task Needs_a_name_and_a_destination(string rest, string error) =>
        AssertBadRequest(await CallAsync("POST", "/v2/enqueue/" + rest), error);

    Task<Answer> UpsertAsync(string body) => CallAsync("POST", "/v2/queues", body);

    void Fail(string path) => Sink.Answer = (request, context) =>
    {
        context.Response.StatusCode = request.Target == path ? 500 : 200;
        return Task.CompletedTask;
    };
}
