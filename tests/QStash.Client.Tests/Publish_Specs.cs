using System.Text;

namespace QStash.Client.Tests;

public class Publishing_to_a_url
{
    // docs/qstash-contract.md#publish
    [Fact]
    public async Task Sends_the_body_and_the_token_to_the_destination()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1","url":"https://example.com/hook"}"""));
        byte[] body = [0, 255, 254, 32, 98];

        var receipts = await qstash.Client().PublishAsync(new QStashMessage { Destination = "https://example.com/hook", Body = body, ContentType = "application/x; v=1" }, Cancellation);

        Assert.Equal(new QStashReceipt { MessageId = "msg_1", Url = "https://example.com/hook" }, Assert.Single(receipts));
        Assert.Equal("POST", qstash.Request.Method);
        Assert.Equal("/v2/publish/https://example.com/hook", qstash.Request.RawTarget);
        Assert.Equal($"Bearer {ScriptedQStash.Token}", qstash.Request.Headers.Authorization);
        Assert.Equal("application/x; v=1", qstash.Request.Headers.ContentType);
        Assert.Equal(body, qstash.Request.Body);
    }

    // V7
    [Theory]
    [InlineData("[]")]
    [InlineData("[[]]")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messageId":""}""")]
    [InlineData("""{"messageId":null}""")]
    public async Task Fails_when_there_is_no_receipt(string answer)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok(answer));

        await Assert.ThrowsAsync<QStashException>(() => qstash.Client().PublishAsync(new QStashMessage { Destination = "https://example.com/hook" }, Cancellation));
        Assert.Single(qstash.Requests);
    }

    // docs/qstash-contract.md#publish-headers
    [Fact]
    public async Task Sends_every_setting_as_a_header()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1"}"""));

        await qstash.Client().PublishAsync(new QStashMessage
        {
            Destination = "https://example.com",
            Method = HttpMethod.Put,
            Delay = TimeSpan.FromSeconds(90.2),
            Retries = 0,
            RetryDelay = QStashRetryDelay.Expression("pow(2, retried) * 1000"),
            Timeout = TimeSpan.FromMilliseconds(1),
            Callback = new("https://cb.example.com")
            {
                Method = HttpMethod.Patch,
                Retries = 1,
                Timeout = TimeSpan.FromMinutes(1),
                RetryDelay = QStashRetryDelay.Fixed(TimeSpan.FromSeconds(1)),
                ForwardHeaders = { ["X-C"] = "c" },
                FlowControl = new() { Key = "cb", Rate = 1 },
            },
            FailureCallback = new("https://fail.example.com/a?b=c") { Retries = 2 },
            DeduplicationId = "order-1",
            ForwardHeaders = { ["Authorization"] = "Bearer x", ["X-Empty"] = "" },
            FlowControl = new() { Key = "tenant-1", Parallelism = 2, Rate = 10, Period = TimeSpan.FromSeconds(1.5) },
            Labels = { "a", "b" },
            RedactFields = { "body", "header[Authorization]" }
        }, Cancellation);

        var sent = qstash.Request.Headers.Where(header => header.Key.StartsWith("Upstash-", StringComparison.Ordinal)).ToDictionary(header => header.Key, header => header.Value.ToString());
        Assert.Equal(new Dictionary<string, string>
        {
            ["Upstash-Method"] = "PUT",
            ["Upstash-Delay"] = "91s",
            ["Upstash-Retries"] = "0",
            ["Upstash-Retry-Delay"] = "pow(2, retried) * 1000",
            ["Upstash-Timeout"] = "1s",
            ["Upstash-Callback"] = "https://cb.example.com",
            ["Upstash-Callback-Method"] = "PATCH",
            ["Upstash-Callback-Retries"] = "1",
            ["Upstash-Callback-Timeout"] = "60s",
            ["Upstash-Callback-Retry-Delay"] = "1000",
            ["Upstash-Callback-Forward-X-C"] = "c",
            ["Upstash-Callback-Flow-Control-Key"] = "cb",
            ["Upstash-Callback-Flow-Control-Value"] = "rate=1",
            ["Upstash-Failure-Callback"] = "https://fail.example.com/a?b=c",
            ["Upstash-Failure-Callback-Retries"] = "2",
            ["Upstash-Deduplication-Id"] = "order-1",
            ["Upstash-Forward-Authorization"] = "Bearer x",
            ["Upstash-Forward-X-Empty"] = "",
            ["Upstash-Flow-Control-Key"] = "tenant-1",
            ["Upstash-Flow-Control-Value"] = "parallelism=2, rate=10, period=2s",
            ["Upstash-Label"] = "a,b",
            ["Upstash-Redact-Fields"] = "body,header[Authorization]"
        }.OrderBy(header => header.Key, StringComparer.Ordinal), sent.OrderBy(header => header.Key, StringComparer.Ordinal));
    }

    // Seconds, unlike all other timestamps
    [Fact]
    public async Task Rounds_the_earliest_time_up_to_seconds()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1"}"""));

        await qstash.Client().PublishAsync(new QStashMessage { Destination = "https://example.com", NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_001), ContentBasedDeduplication = true }, Cancellation);

        Assert.Equal("1700000001", qstash.Request.Headers["Upstash-Not-Before"]);
        Assert.Equal("true", qstash.Request.Headers["Upstash-Content-Based-Deduplication"]);
    }

    [Fact]
    public async Task Sends_nothing_that_was_not_set()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1"}"""));

        await qstash.Client().PublishAsync(new QStashMessage { Destination = "https://example.com" }, Cancellation);

        Assert.DoesNotContain(qstash.Request.Headers, header => header.Key.StartsWith("Upstash-", StringComparison.OrdinalIgnoreCase) || header.Key == "Content-Type");
        Assert.Empty(qstash.Request.Body);
    }

    // docs/qstash-contract.md#deduplication
    [Fact]
    public async Task Accepts_202_for_a_duplicate()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(202, """{"messageId":"msg_first","deduplicated":true}"""));

        var receipts = await qstash.Client().PublishAsync(new QStashMessage { Destination = "https://example.com" }, Cancellation);

        Assert.Equal(new QStashReceipt { MessageId = "msg_first", Deduplicated = true }, Assert.Single(receipts));
    }

    // docs/qstash-contract.md#enqueue
    [Fact]
    public async Task Goes_through_a_queue_when_one_is_set()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1"}"""));

        await qstash.Client().PublishAsync(new QStashMessage { Destination = "https://example.com/a?b=c", Queue = "orders.v1" }, Cancellation);

        Assert.Equal("/v2/enqueue/orders.v1/https://example.com/a?b=c", qstash.Request.RawTarget);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>gateway</html>")]
    [InlineData("null")]
    [InlineData("""{"id":"msg_1"}""")]
    public async Task Fails_when_the_answer_is_no_receipt(string answer)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok(answer));

        var exception = await Assert.ThrowsAsync<QStashException>(() => qstash.Client().PublishAsync(new QStashMessage { Destination = "https://example.com" }, Cancellation));

        Assert.Contains("200", exception.Message, StringComparison.Ordinal);
    }
}

public class Publishing_to_a_url_group
{
    // docs/qstash-contract.md#publish
    [Theory]
    [InlineData("""[{"messageId":"msg_a","url":"https://e1"},{"messageId":"msg_b","url":"https://e2","deduplicated":true}]""")]
    [InlineData("""{"messages":[{"messageId":"msg_a","url":"https://e1"},{"messageId":"msg_b","url":"https://e2","deduplicated":true}]}""")]
    public async Task Answers_one_receipt_per_endpoint(string answer)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok(answer));

        var receipts = await qstash.Client().PublishAsync(new QStashMessage { Destination = "my-group", Body = Encoding.UTF8.GetBytes("x") }, Cancellation);

        Assert.Equal("/v2/publish/my-group", qstash.Request.RawTarget);
        Assert.Equal(
            [new QStashReceipt { MessageId = "msg_a", Url = "https://e1" }, new QStashReceipt { MessageId = "msg_b", Url = "https://e2", Deduplicated = true }],
            receipts);
    }
}
