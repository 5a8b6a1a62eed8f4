namespace QStash.Client.Tests;

// docs/qstash-contract.md#dead-letters
public class Dead_letters
{
    // docs/qstash-contract.md#dead-letters
    [Theory]
    [InlineData("""{"messages":[{"messageId":"msg_3","dlqId":"3-0"}]}""")]
    [InlineData("""{"messages":[{"messageId":"msg_3","dlqId":"3-0"}],"cursor":""}""")]
    public async Task Are_listed_page_by_page(string lastPage)
    {
        await using var qstash = await ScriptedQStash.StartAsync(
            Reply.Ok("""{"messages":[{"messageId":"msg_1","dlqId":"1-0"},{"messageId":"msg_2","dlqId":"2-0"}],"cursor":"1686652644442-12"}"""),
            Reply.Ok(lastPage));

        var ids = new List<string>();
        await foreach (var letter in qstash.Client().DeadLetterQueue.ListAllAsync(new() { Labels = ["a"] }, Cancellation))
            ids.Add(letter.DlqId);

        Assert.Equal(["1-0", "2-0", "3-0"], ids);
        Assert.Equal(["/v2/dlq?label=a", "/v2/dlq?label=a&cursor=1686652644442-12"], qstash.Requests.Select(request => request.RawTarget));
    }

    [Fact]
    public async Task End_when_a_cursor_repeats()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messages":[],"cursor":"1-0"}"""));

        await foreach (var letter in qstash.Client().DeadLetterQueue.ListAllAsync(cancellationToken: Cancellation))
            Assert.Fail(letter.DlqId);

        Assert.Equal(2, qstash.Requests.Count);
    }

    [Fact]
    public async Task Are_read_with_the_last_answer()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""
            {"messageId":"msg_1","dlqId":"1725323658779-0","body":"x","responseStatus":500,"responseHeader":{"Retry-After":["5"]},"responseBodyBase64":"AP8=","createdAt":1700000000000}
            """));

        var letter = await qstash.Client().DeadLetterQueue.GetAsync("1725323658779-0", Cancellation);

        Assert.Equal("/v2/dlq/1725323658779-0", qstash.Request.RawTarget);
        Assert.Equal((500, "msg_1", "1725323658779-0"), (letter!.ResponseStatus, letter.MessageId, letter.DlqId));
        Assert.Equal(["5"], letter.ResponseHeaders["retry-after"]);
        Assert.Equal((byte[])[0, 255], letter.ResponseBody.ToArray());
        Assert.Equal("x"u8, letter.Body.Span);
    }

    [Fact]
    public async Task Are_deleted_by_filter_until_none_is_left()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"deleted":100,"cursor":"5-0"}"""), Reply.Ok("""{"deleted":3}"""));

        Assert.Equal(103, await qstash.Client().DeadLetterQueue.DeleteAsync(new QStashDeadLetterFilter { ResponseStatuses = [500], MessageId = "msg_1" }, Cancellation));
        Assert.Equal(
            ["/v2/dlq?messageId=msg_1&responseStatus=500", "/v2/dlq?messageId=msg_1&responseStatus=500&cursor=5-0"],
            qstash.Requests.Select(request => request.RawTarget));
    }

    // docs/qstash-contract.md#dead-letters
    [Fact]
    public async Task Are_retried_one_by_one_with_other_settings()
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(201, """{"messageId":"msg_new"}"""));

        var receipt = await qstash.Client().DeadLetterQueue.RetryAsync("1-0", new() { Retries = 0 }, Cancellation);

        Assert.Equal("msg_new", receipt.MessageId);
        Assert.Equal("POST /v2/dlq/retry/1-0", $"{qstash.Request.Method} {qstash.Request.RawTarget}");
        Assert.Equal("0", qstash.Request.Headers["Upstash-Retries"]);
        Assert.Equal("retry-1-0", qstash.Request.Headers["Upstash-Deduplication-Id"]);
    }

    [Theory]
    [InlineData("\"\"", null)]
    [InlineData("\"5-0\"", "5-0")]
    public async Task Are_retried_by_filter(string cursor, string? next)
    {
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(201, $$"""{"responses":[{"messageId":"msg_a"},{"messageId":"msg_b"}],"cursor":{{cursor}}}"""));

        var page = await qstash.Client().DeadLetterQueue.RetryAsync(new QStashDeadLetterFilter { DlqIds = ["1-0", "2-0"] }, cursor: "0-0", cancellationToken: Cancellation);

        Assert.Equal(["msg_a", "msg_b"], page.Items.Select(receipt => receipt.MessageId));
        Assert.Equal(next, page.Cursor);
        Assert.Equal("/v2/dlq/retry?dlqIds=1-0&dlqIds=2-0&cursor=0-0", qstash.Request.RawTarget);
    }
}
