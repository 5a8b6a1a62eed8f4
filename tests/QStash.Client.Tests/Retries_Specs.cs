namespace QStash.Client.Tests;

// docs/qstash-contract.md#repeating-a-call
public class A_failed_call
{
    const string Receipt = """{"messageId":"msg_1"}""";

    static readonly Reply Unavailable = new(503);

    static QStashMessage Deduplicated => new() { Destination = "https://example.com", Body = "text"u8.ToArray(), DeduplicationId = "order-1" };

    static QStashMessage Plain => new() { Destination = "https://example.com", Body = "text"u8.ToArray() };

    public static TheoryData<string, Func<IQStashClient, Task>, string> SafeToRepeat => new()
    {
        { "publish with a deduplication id", client => client.PublishAsync(Deduplicated), Receipt },
        { "publish deduplicated by content", client => client.PublishAsync(new() { Destination = "https://example.com", ContentBasedDeduplication = true }), Receipt },
        { "batch of deduplicated messages", client => client.BatchAsync([Deduplicated, Deduplicated]), $"[{Receipt},{Receipt}]" },
        { "schedule with an id", client => client.Schedules.CreateAsync(new() { Destination = "https://example.com", Cron = "* * * * *", ScheduleId = "s" }), """{"scheduleId":"s"}""" },
        { "read", client => client.Queues.ListAsync(), "[]" },
        { "upsert of a queue", client => client.Queues.UpsertAsync("q"), "" },
        { "upsert of endpoints", client => client.UrlGroups.UpsertEndpointsAsync("g", [new() { Url = "https://example.com" }]), "" },
        { "cancel of one message", client => client.Messages.CancelAsync("msg_1"), "" },
        { "delete of one dead letter", client => client.DeadLetterQueue.DeleteAsync("1-0"), "" },
        { "pause", client => client.Schedules.PauseAsync("s"), "" }
    };

    public static TheoryData<string, Func<IQStashClient, Task>> SentOnce => new()
    {
        { "publish", client => client.PublishAsync(Plain) },
        { "enqueue", client => client.PublishAsync(new() { Destination = "https://example.com", Queue = "q" }) },
        { "batch with one plain message", client => client.BatchAsync([Deduplicated, Plain]) },
        { "schedule without an id", client => client.Schedules.CreateAsync(new() { Destination = "https://example.com", Cron = "* * * * *" }) },
        { "delivery now", client => client.Messages.DeliverNowAsync("msg_1") },
        { "cancel by filter", client => client.Messages.CancelAsync(new QStashMessageFilter { Labels = ["a"] }) },
        { "delete by filter", client => client.DeadLetterQueue.DeleteAsync(new QStashDeadLetterFilter { Labels = ["a"] }) },
        { "retry of a dead letter", client => client.DeadLetterQueue.RetryAsync("1-0") },
        { "retry by filter", client => client.DeadLetterQueue.RetryAsync(new QStashDeadLetterFilter { Labels = ["a"] }) },
        { "rotation of keys", client => client.SigningKeys.RotateAsync() }
    };

    [Theory]
    [MemberData(nameof(SafeToRepeat), DisableDiscoveryEnumeration = true)]
    public async Task Is_repeated_unchanged_when_that_is_safe(string name, Func<IQStashClient, Task> call, string answer)
    {
        Assert.NotEmpty(name);
        await using var qstash = await ScriptedQStash.StartAsync(Unavailable, Reply.Abort, Reply.Ok(answer));
        await using var client = new RegisteredClient(qstash);

        var task = call(client.Api);
        await client.Clock.PassNextWaitAsync();
        await client.Clock.PassNextWaitAsync();
        await task;

        Assert.Equal(3, qstash.Requests.Count);
        Assert.Single(qstash.Requests.Select(request => (request.Method, request.RawTarget, request.Text, request.Headers["Upstash-Deduplication-Id"].ToString())).Distinct());
    }

    [Theory]
    [MemberData(nameof(SentOnce), DisableDiscoveryEnumeration = true)]
    public async Task Is_not_repeated_when_it_could_do_the_work_twice(string name, Func<IQStashClient, Task> call)
    {
        Assert.NotEmpty(name);
        foreach (var failure in (Reply[])[Unavailable, Reply.Abort, new(429)])
        {
            await using var qstash = await ScriptedQStash.StartAsync(failure);
            await using var client = new RegisteredClient(qstash);

            await Assert.ThrowsAnyAsync<QStashException>(() => call(client.Api));

            Assert.Single(qstash.Requests);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(412)]
    public async Task Is_not_repeated_when_it_was_refused(int status)
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(status));
        await using var client = new RegisteredClient(qstash);

        await Assert.ThrowsAnyAsync<QStashException>(() => client.Api.PublishAsync(Deduplicated, Cancellation));

        Assert.Single(qstash.Requests);
    }

    [Fact]
    public async Task Waits_with_jitter_and_gives_up_after_the_configured_retries()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(500, """{"error":"down"}"""));
        await using var client = new RegisteredClient(qstash, options => options.MaxRetries = 3);

        var task = client.Api.Queues.ListAsync(Cancellation);
        List<TimeSpan> waits = [];
        for (var retry = 0; retry < 3; retry++)
            waits.Add(await client.Clock.PassNextWaitAsync());

        Assert.Equal("down", (await Assert.ThrowsAsync<QStashException>(() => task)).Error);
        Assert.Equal(4, qstash.Requests.Count);
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Is_not_repeated_when_retries_are_off()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Unavailable);
        await using var client = new RegisteredClient(qstash, options => options.MaxRetries = 0);

        await Assert.ThrowsAsync<QStashException>(() => client.Api.Queues.ListAsync(Cancellation));

        Assert.Single(qstash.Requests);
    }

    [Fact]
    public async Task Waits_for_the_end_of_a_rate_limit_that_is_near()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(429, "", ("Burst-RateLimit-Limit", "100"), ("Burst-RateLimit-Reset", "1700000005")), Reply.Ok("[]"));
        await using var client = new RegisteredClient(qstash);

        var task = client.Api.Queues.ListAsync(Cancellation);
        var wait = await client.Clock.PassNextWaitAsync();
        await task;

        Assert.InRange(wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.25));
        Assert.Equal(2, qstash.Requests.Count);
    }

    // What QStash did not carry out can be repeated without a deduplication id.
    [Fact]
    public async Task Waits_for_the_end_of_a_rate_limit_also_when_it_must_not_be_repeated_after_other_failures()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(429, "", ("RateLimit-Limit", "1000"), ("RateLimit-Reset", "1700003600")), Reply.Ok(Receipt));
        await using var client = new RegisteredClient(qstash, options => options.MaxRateLimitWait = TimeSpan.FromHours(1));

        var task = client.Api.PublishAsync(Plain, Cancellation);
        var wait = await client.Clock.PassNextWaitAsync();

        Assert.Equal("msg_1", Assert.Single(await task).MessageId);
        Assert.InRange(wait, TimeSpan.FromHours(1), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(0.25));
    }

    [Fact]
    public async Task Fails_at_once_when_a_rate_limit_lasts()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(429, "", ("RateLimit-Limit", "1000"), ("RateLimit-Reset", "1700000006")));
        await using var client = new RegisteredClient(qstash);

        var limit = await Assert.ThrowsAsync<QStashDailyLimitException>(() => client.Api.Queues.ListAsync(Cancellation));

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_006), limit.ResetAt);
        Assert.Single(qstash.Requests);
    }

    [Fact]
    public async Task Is_repeated_when_an_attempt_takes_too_long()
    {
        var arrived = new TaskCompletionSource();
        await using var qstash = await ScriptedQStash.StartAsync();
        qstash
            .Then(async context =>
            {
                arrived.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return Reply.Abort;
            })
            .Then(_ => Task.FromResult(Reply.Ok(Receipt)));
        await using var client = new RegisteredClient(qstash);

        var task = client.Api.PublishAsync(Deduplicated, Cancellation);
        await arrived.Task.WaitAsync(Cancellation);
        client.Clock.Advance(ManualClock.AttemptTimeout);
        await client.Clock.PassNextWaitAsync();

        Assert.Equal("msg_1", Assert.Single(await task).MessageId);
    }

    [Fact]
    public async Task Has_an_unknown_fate_when_its_only_attempt_takes_too_long_within_the_body()
    {
        await using var qstash = await ScriptedQStash.StartAsync();
        qstash.Then(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return Reply.Abort;
        });
        var headers = new HeadersSignal();
        await using var client = new RegisteredClient(qstash, innermost: headers);

        var task = client.Api.PublishAsync(Plain, Cancellation);
        await headers.Arrived;
        client.Clock.Advance(ManualClock.AttemptTimeout);

        // The deadline is only for a client that would wait for the body for ever.
        await Assert.ThrowsAsync<QStashUnreachableException>(() => task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.Single(qstash.Requests);
    }

    [Fact]
    public async Task Does_not_follow_a_redirect()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(302, "", ("Location", "/elsewhere")));
        await using var client = new RegisteredClient(qstash);

        await Assert.ThrowsAsync<QStashException>(() => client.Api.PublishAsync(Deduplicated, Cancellation));

        Assert.Single(qstash.Requests);
    }
}
