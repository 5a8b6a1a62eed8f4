namespace QStash.Client.Tests;

public class Management_calls
{
    static readonly string[] ScheduleHeaders = ["Upstash-Cron", "Upstash-Schedule-Id", "Upstash-Queue-Name", "Upstash-Retries", "Upstash-Delay", "Content-Type"];

    public static TheoryData<Func<IQStashClient, Task>, string, string> Calls => new()
    {
        { client => client.Queues.UpsertAsync("q", 2, true), "POST /v2/queues", """{"queueName":"q","parallelism":2,"paused":true}""" },
        { client => client.Queues.UpsertAsync("q"), "POST /v2/queues", """{"queueName":"q","parallelism":1}""" },
        { client => client.Queues.DeleteAsync("q"), "DELETE /v2/queues/q", "" },
        { client => client.Queues.PauseAsync("q"), "POST /v2/queues/q/pause", "" },
        { client => client.Queues.ResumeAsync("q"), "POST /v2/queues/q/resume", "" },
        { client => client.UrlGroups.UpsertEndpointsAsync("g", [new() { Url = "https://e.example", Name = "my endpoint" }, new() { Url = "https://f.example" }]), "POST /v2/topics/g/endpoints", """{"endpoints":[{"url":"https://e.example","name":"my endpoint"},{"url":"https://f.example"}]}""" },
        { client => client.UrlGroups.RemoveEndpointsAsync("g", [new() { Name = "n" }]), "DELETE /v2/topics/g/endpoints", """{"endpoints":[{"name":"n"}]}""" },
        { client => client.UrlGroups.DeleteAsync("g"), "DELETE /v2/topics/g", "" },
        { client => client.UrlGroups.SetDefaultHeadersAsync("g", new Dictionary<string, string> { ["Upstash-Retries"] = "3" }), "PATCH /v2/topics/g", """{"headers":{"Upstash-Retries":"3"}}""" },
        { client => client.Schedules.DeleteAsync("s"), "DELETE /v2/schedules/s", "" },
        { client => client.Schedules.PauseAsync("s"), "PATCH /v2/schedules/s/pause", "" },
        { client => client.Schedules.ResumeAsync("s"), "PATCH /v2/schedules/s/resume", "" },
        { client => client.DeadLetterQueue.DeleteAsync("1725323658779-0"), "DELETE /v2/dlq/1725323658779-0", "" },
        { client => client.FlowControl.PauseAsync("a:b%"), "POST /v2/flowControl/a%3Ab%25/pause", "" },
        { client => client.FlowControl.ResumeAsync("k"), "POST /v2/flowControl/k/resume", "" },
        { client => client.FlowControl.PinAsync(new() { Key = "k", Parallelism = 3, Rate = 10, Period = TimeSpan.FromMinutes(1) }), "POST /v2/flowControl/k/pin?parallelism=3&rate=10&period=60", "" },
        { client => client.FlowControl.UnpinAsync("k", rate: false), "POST /v2/flowControl/k/unpin?parallelism=true&rate=false", "" },
        { client => client.FlowControl.ResetRateAsync("k"), "POST /v2/flowControl/k/resetRate", "" }
    };

    [Theory]
    [MemberData(nameof(Calls), DisableDiscoveryEnumeration = true)]
    public async Task Need_no_particular_answer(Func<IQStashClient, Task> call, string request, string body)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("OK"));

        await call(qstash.Client());

        Assert.Equal(request, $"{qstash.Request.Method} {qstash.Request.RawTarget}");
        Assert.Equal(body, qstash.Request.Text);
    }

    [Fact]
    public async Task Treat_deleting_what_is_missing_as_done()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(404));

        await qstash.Client().Queues.DeleteAsync("q", Cancellation);
        await qstash.Client().UrlGroups.DeleteAsync("g", Cancellation);
        await qstash.Client().Schedules.DeleteAsync("s", Cancellation);
        Assert.False(await qstash.Client().DeadLetterQueue.DeleteAsync("1-0", Cancellation));
        Assert.Equal(4, qstash.Requests.Count);
    }

    [Fact]
    public async Task Answer_null_for_what_is_missing()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(404));
        var client = qstash.Client();

        Assert.Null(await client.Queues.GetAsync("q", Cancellation));
        Assert.Null(await client.UrlGroups.GetAsync("g", Cancellation));
        Assert.Null(await client.Schedules.GetAsync("s", Cancellation));
        Assert.Null(await client.DeadLetterQueue.GetAsync("1-0", Cancellation));
        Assert.Null(await client.FlowControl.GetAsync("k", Cancellation));
        await Assert.ThrowsAsync<QStashNotFoundException>(() => client.Queues.PauseAsync("q", Cancellation));
    }

    [Fact]
    public async Task Read_queues()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""[{"name":"q","createdAt":1700000000000,"updatedAt":1700000000001,"parallelism":2,"lag":7,"paused":true},{"name":"r"}]"""));

        var queues = await qstash.Client().Queues.ListAsync(Cancellation);

        Assert.Equal(new QStashQueue { Name = "q", CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_001), Parallelism = 2, Lag = 7, Paused = true }, queues[0]);
        Assert.Equal(new QStashQueue { Name = "r" }, queues[1]);
    }

    [Fact]
    public async Task Read_url_groups()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"name":"g","createdAt":1700000000000,"endpoints":[{"name":"n","url":"https://e"},{"url":"https://f"}]}"""));

        var group = await qstash.Client().UrlGroups.GetAsync("g", Cancellation);

        Assert.Equal([new() { Name = "n", Url = "https://e" }, new() { Url = "https://f" }], group!.Endpoints);
        Assert.Equal("/v2/topics/g", qstash.Request.RawTarget);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"scheduleId":""}""")]
    [InlineData("""{"scheduleId":null}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Fail_when_the_answer_names_no_schedule(string answer)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok(answer));

        await Assert.ThrowsAsync<QStashException>(() => qstash.Client().Schedules.CreateAsync(
            new() { Destination = "https://example.com", Cron = "* * * * *", ScheduleId = "s" }, Cancellation));
    }

    // P2, V10
    [Fact]
    public async Task Create_schedules()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"scheduleId":"nightly"}"""));

        var id = await qstash.Client().Schedules.CreateAsync(new()
        {
            Destination = "https://example.com/a/../b?c=d",
            Cron = "CRON_TZ=Europe/Berlin 0 9 * * *",
            ScheduleId = "nightly",
            Queue = "q",
            Body = "{}"u8.ToArray(),
            ContentType = "application/json",
            Retries = 2,
            Delay = TimeSpan.FromSeconds(5)
        }, Cancellation);

        Assert.Equal("nightly", id);
        Assert.Equal("/v2/schedules/https://example.com/a/../b?c=d", qstash.Request.RawTarget);
        Assert.Equal("{}", qstash.Request.Text);
        Assert.Equal(
            ["CRON_TZ=Europe/Berlin 0 9 * * *", "nightly", "q", "2", "5s", "application/json"],
            ScheduleHeaders.Select(name => qstash.Request.Headers[name].ToString()));
    }

    // The delay of a schedule is in seconds
    [Fact]
    public async Task Read_schedules()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""
            [{"scheduleId":"scd_1","cron":"* * * * *","createdAt":1700000000000,"destination":"g","method":"POST","isPaused":true,"header":{"A":["b"]},"body":"x",
              "retries":3,"delay":90,"callerIp":"1.2.3.4","nextScheduleTime":1700000060000,"lastScheduleTime":0,"lastScheduleStates":{"msg_1":"SUCCESS"}}]
            """));

        var schedule = Assert.Single(await qstash.Client().Schedules.ListAsync(Cancellation));

        Assert.True(schedule.IsPaused);
        Assert.Equal(TimeSpan.FromSeconds(90), schedule.Delay);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_060), schedule.NextRun);
        Assert.Null(schedule.LastRun);
        Assert.Equal("SUCCESS", schedule.LastRunStates["msg_1"]);
        Assert.Equal("x"u8, schedule.Body.Span);
    }

    // The start of a rate period is in seconds, and zeros may be missing
    [Fact]
    public async Task Read_flow_control()
    {
        await using var qstash = await ScriptedQStash.StartAsync(
            Reply.Ok("""[{"flowControlKey":"k","waitListSize":3,"parallelismMax":5,"rateMax":10,"rateCount":2,"ratePeriod":60,"ratePeriodStart":1700000000,"isPinnedRate":true}]"""),
            Reply.Ok("{}"));

        var key = Assert.Single(await qstash.Client().FlowControl.ListAsync("k&", Cancellation));
        var global = await qstash.Client().FlowControl.GetGlobalParallelismAsync(Cancellation);

        Assert.Equal("/v2/flowControl?search=k%26", qstash.Requests[0].RawTarget);
        Assert.Equal(TimeSpan.FromMinutes(1), key.RatePeriod);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), key.RatePeriodStart);
        Assert.Equal((3L, 5, 0, true, false), (key.WaitListSize, key.ParallelismMax, key.ParallelismCount, key.IsPinnedRate, key.IsPaused));
        Assert.Equal(new QStashGlobalParallelism(), global);
    }

    [Fact]
    public async Task Read_and_rotate_signing_keys()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"current":"sig_a","next":"sig_b"}"""));

        var keys = await qstash.Client().SigningKeys.RotateAsync(Cancellation);

        Assert.Equal(("sig_a", "sig_b"), (keys.Current, keys.Next));
        Assert.Equal("POST /v2/keys/rotate", $"{qstash.Request.Method} {qstash.Request.RawTarget}");
    }
}
