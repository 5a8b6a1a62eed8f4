namespace QStash.Client.Tests;

public class Messages_on_their_way
{
    // docs/qstash-contract.md#messages
    [Fact]
    public async Task Are_read_with_times_headers_and_body()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""
            {"messageId":"msg_1","url":"https://example.com","topicName":"g","endpointName":"e","method":"POST",
             "header":{"Test-Header":["a","b"],"Single":"c"},"body":"Grüße","maxRetries":3,"retryDelayExpression":"1000",
             "notBefore":1700000000123,"createdAt":"1700000000000","callback":"https://cb","failureCallback":"https://fcb","queueName":"q","scheduleId":"s",
             "callerIP":"203.0.113.7","label":"first","labels":["first","second"],"flowControlKey":"k","rate":5,"period":86400,"parallelism":2,"unknown":{"x":1}}
            """));

        var message = await qstash.Client().Messages.GetAsync("msg_1", Cancellation);

        Assert.Equal("/v2/messages/msg_1", qstash.Request.RawTarget);
        Assert.NotNull(message);
        Assert.Equal("g", message.UrlGroup);
        Assert.Equal(["a", "b"], message.Headers["test-header"]);
        Assert.Equal(["c"], message.Headers["single"]);
        Assert.Equal("Grüße"u8, message.Body.Span);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), message.NotBefore);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), message.CreatedAt);
        Assert.Equal("203.0.113.7", message.CallerIp);
        Assert.Equal(["first", "second"], message.Labels);
        Assert.Equal(TimeSpan.FromDays(1), message.Period);
        Assert.Equal(3, message.MaxRetries);
        Assert.Equal("q", message.Queue);
    }

    [Fact]
    public async Task Are_read_when_only_the_id_is_there()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1"}"""));

        var message = await qstash.Client().Messages.GetAsync("msg_1", Cancellation);

        Assert.NotNull(message);
        Assert.Empty(message.Headers);
        Assert.Empty(message.Labels);
        Assert.True(message.Body.IsEmpty);
        Assert.Null(message.CreatedAt);
    }

    [Fact]
    public async Task Are_read_with_a_binary_body()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1","bodyBase64":"AP/+IA==","body":"","label":"only"}"""));

        var message = await qstash.Client().Messages.GetAsync("msg_1", Cancellation);

        Assert.Equal((byte[])[0, 255, 254, 32], message!.Body.ToArray());
        Assert.Equal(["only"], message.Labels);
    }

    // docs/qstash-contract.md#messages
    [Fact]
    public async Task Are_gone_after_delivery()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(404, """{"error":"message msg_1 not found"}"""));

        Assert.Null(await qstash.Client().Messages.GetAsync("msg_1", Cancellation));
        Assert.False(await qstash.Client().Messages.CancelAsync("msg_1", Cancellation));
    }

    [Theory]
    [InlineData(200, """{"cancelled":1}""")]
    [InlineData(202, "OK")]
    public async Task Are_cancelled_by_id(int status, string answer)
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(status, answer));

        Assert.True(await qstash.Client().Messages.CancelAsync("msg_1", Cancellation));
        Assert.Equal(("DELETE", "/v2/messages/msg_1"), (qstash.Request.Method, qstash.Request.RawTarget));
    }

    [Fact]
    public async Task Are_cancelled_by_filter()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(202, """{"cancelled":7}"""));

        var cancelled = await qstash.Client().Messages.CancelAsync(new QStashMessageFilter
        {
            UrlGroups = ["g"],
            Queues = ["q1", "q2"],
            Urls = ["https://example.com/?a=b&c"],
            Hosts = ["h"],
            Paths = ["/p"],
            Labels = ["l"],
            FlowControlKeys = ["k"],
            ScheduleIds = ["s"],
            CallerIps = ["1.2.3.4"],
            From = DateTimeOffset.FromUnixTimeMilliseconds(1),
            To = DateTimeOffset.FromUnixTimeMilliseconds(2)
        }, Cancellation);

        Assert.Equal(7, cancelled);
        Assert.Equal(
            "/v2/messages?topicName=g&queueName=q1&queueName=q2&url=https%3A%2F%2Fexample.com%2F%3Fa%3Db%26c&host=h&path=%2Fp&label=l&flowControlKey=k&scheduleId=s&callerIp=1.2.3.4&fromDate=1&toDate=2&async=true",
            qstash.Request.RawTarget);
    }

    [Fact]
    public async Task Are_cancelled_by_ids()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"cancelled":2}"""));

        Assert.Equal(2, await qstash.Client().Messages.CancelAsync(new QStashMessageFilter { MessageIds = ["msg_1", "msg_2"] }, Cancellation));
        Assert.Equal("/v2/messages?messageIds=msg_1&messageIds=msg_2", qstash.Request.RawTarget);
    }
}
