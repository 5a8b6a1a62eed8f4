using System.Net;

namespace QStash.Client.Tests;

public class A_cancel_by_filter
{
    const string Action = """
        {"actionId":"ba_1","kind":"cancel","state":"FINISHED","total":3,"processed":3,"createdAt":1767225600000,"completedAt":1767225601000,
         "filter":{"label":["a","b"],"fromDate":["1"]}}
        """;

    static readonly QStashMessageFilter Filter = new() { Labels = ["a"] };

    static readonly Reply Running = Reply.Ok("""{"actionId":"ba_1","state":"IN_PROGRESS","total":3,"processed":1,"createdAt":1767225600000}""");

    [Fact]
    public async Task Waits_for_the_end_of_the_action()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(202, """{"cancelled":3,"actionId":"ba_1"}"""), Running, Running, Reply.Ok(Action));
        await using var client = new RegisteredClient(qstash);

        var cancel = client.Api.Messages.CancelAsync(Filter, Cancellation);
        await client.Clock.PassNextWaitAsync();
        await client.Clock.PassNextWaitAsync();

        Assert.Equal(3, await cancel);
        Assert.Equal(
            ["/v2/messages?label=a&async=true", "/v2/bulkActions/ba_1", "/v2/bulkActions/ba_1", "/v2/bulkActions/ba_1"],
            qstash.Requests.Select(request => request.RawTarget));
    }

    [Fact]
    public async Task Can_be_started_only()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(202, """{"cancelled":3,"actionId":"ba_1"}"""));

        var started = await qstash.Client().Messages.StartCancelAsync(Filter, Cancellation);

        Assert.Equal((3, "ba_1"), (started.Cancelled, started.ActionId));
        Assert.Single(qstash.Requests);
    }

    [Fact]
    public async Task Is_told_apart_from_a_quota_and_a_rate_limit()
    {
        await using var many = await ScriptedQStash.StartAsync(new Reply(412, """{"error":"too many"}"""));
        await using var slow = await ScriptedQStash.StartAsync(new Reply(429, """{"error":"in progress"}"""));
        await using var burst = await ScriptedQStash.StartAsync(new Reply(429, "", ("Burst-RateLimit-Limit", "100")));

        var limit = await Assert.ThrowsAsync<QStashBulkActionLimitException>(() => many.Client().Messages.CancelAsync(Filter, Cancellation));
        var running = await Assert.ThrowsAsync<QStashBulkActionRunningException>(() => slow.Client().Messages.CancelAsync(Filter, Cancellation));
        await Assert.ThrowsAsync<QStashBurstLimitException>(() => burst.Client().Messages.CancelAsync(Filter, Cancellation));
        await Assert.ThrowsAsync<QStashQuotaException>(() => many.Client().Messages.CancelAsync(new QStashMessageFilter { MessageIds = ["msg_1"] }, Cancellation));

        Assert.Equal((HttpStatusCode.PreconditionFailed, "too many"), (limit.StatusCode, limit.Error));
        Assert.Equal((HttpStatusCode.TooManyRequests, "in progress"), (running.StatusCode, running.Error));
    }

    [Fact]
    public async Task May_take_longer_than_other_calls()
    {
        await using var qstash = await ScriptedQStash.StartAsync();
        using var answer = new SemaphoreSlim(0);
        qstash.Then(async _ =>
        {
            await answer.WaitAsync(Cancellation);
            return new Reply(202, """{"cancelled":3}""");
        });
        await using var client = new RegisteredClient(qstash);

        var cancel = client.Api.Messages.CancelAsync(Filter, Cancellation);
        while (qstash.Requests.Count == 0)
            await Task.Yield();

        client.Clock.Advance(TimeSpan.FromSeconds(70));
        answer.Release();

        Assert.Equal(3, await cancel);
    }

    [Fact]
    public async Task Shows_in_the_list_of_actions()
    {
        await using var qstash = await ScriptedQStash.StartAsync(
            Reply.Ok("""{"bulkActions":[],"cursor":"c"}"""), Reply.Ok($$"""{"bulkActions":[{{Action}}]}"""));

        var action = await qstash.Client().BulkActions.ListAllAsync(QStashBulkActionState.Finished, Cancellation).SingleAsync(Cancellation);

        Assert.Equal(["/v2/bulkActions?state=FINISHED", "/v2/bulkActions?state=FINISHED&cursor=c"], qstash.Requests.Select(request => request.RawTarget));
        Assert.Equal(("ba_1", "cancel", QStashBulkActionState.Finished, 3, 3), (action.ActionId, action.Kind, action.State, action.Total, action.Processed));
        Assert.Equal(TimeSpan.FromSeconds(1), action.CompletedAt - action.CreatedAt);
        Assert.Equal(["a", "b"], action.Filter["label"]);
    }

    [Fact]
    public async Task Is_not_known_for_ever()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(404, """{"error":"bulk action ba_1 not found"}"""));

        Assert.Null(await qstash.Client().BulkActions.GetAsync("ba_1", Cancellation));
        await Assert.ThrowsAsync<QStashNotFoundException>(() => qstash.Client().BulkActions.WaitAsync("ba_1", Cancellation));
    }
}

public class Delivering_a_message_now
{
    [Theory]
    [InlineData(200, true)]
    [InlineData(404, false)]
    public async Task Tells_whether_it_was_waiting(int status, bool waiting)
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(status));

        Assert.Equal(waiting, await qstash.Client().Messages.DeliverNowAsync("msg_1", Cancellation));
        Assert.Equal(("POST", "/v2/messages/msg_1/retry"), (qstash.Request.Method, qstash.Request.RawTarget));
    }

    [Fact]
    public async Task Is_refused_for_a_message_in_a_queue()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(400, """{"error":"in a queue"}"""));

        await Assert.ThrowsAsync<QStashBadRequestException>(() => qstash.Client().Messages.DeliverNowAsync("msg_1", Cancellation));
    }
}
