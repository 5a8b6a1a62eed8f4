using System.Text;
using System.Text.Json;

namespace QStash.Client.Tests;

// docs/qstash-contract.md#batch
public class Publishing_a_batch
{
    [Fact]
    public async Task Sends_destination_queue_headers_and_body_of_each_message()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""[{"messageId":"msg_1"},{"messageId":"msg_2"}]"""));

        await qstash.Client().BatchAsync(
        [
            new() { Destination = "https://example.com/a/../b", Body = Encoding.UTF8.GetBytes("{\"text\":\"Grüße, 世界 <&>\0\"}"), ContentType = "application/json", Delay = TimeSpan.FromSeconds(5), ForwardHeaders = { ["X-A"] = "1" } },
            new() { Destination = "group", Queue = "q1" }
        ], Cancellation);

        Assert.Equal("/v2/batch", qstash.Request.RawTarget);
        Assert.Equal("application/json", qstash.Request.Headers.ContentType);
        Assert.DoesNotContain(qstash.Request.Headers, header => header.Key.StartsWith("Upstash-", StringComparison.OrdinalIgnoreCase));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""
            [
              {"destination":"https://example.com/a/../b","headers":{"Content-Type":"application/json","Upstash-Delay":"5s","Upstash-Forward-X-A":"1"},"body":"{\"text\":\"Grüße, 世界 <&>\u0000\"}"},
              {"destination":"group","queue":"q1","headers":{},"body":""}
            ]
            """), qstash.Request.Json), qstash.Request.Text);
    }

    // The request is put together in pieces of 64 KiB.
    [Fact]
    public async Task Carries_bodies_of_all_sizes_in_a_request_of_known_length()
    {
        int[] sizes = [0, 1, 100, 65_000, 65_535, 65_536, 65_537, 200_000, 1_000_000, 3, .. Enumerable.Repeat(1_500, 200)];
        string[] bodies = [.. sizes.Select((size, index) => string.Concat(Enumerable.Repeat($"{index}\"\n", (size / 3) + 1))[..size])];
        await using var qstash = await ScriptedQStash.StartAsync(Answer(bodies.Length));

        await qstash.Client().BatchAsync([.. bodies.Select(WithBody)], Cancellation);

        Assert.Equal(qstash.Request.Body.Length, qstash.Request.Headers.ContentLength);
        Assert.Equal(bodies, qstash.Request.Json.EnumerateArray().Select(item => item.GetProperty("body").GetString()));
    }

    [Fact]
    public async Task Answers_results_in_order_with_one_error_leaving_the_others_alone()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""
            [[{"messageId":"msg_a","url":"https://e1"},{"messageId":"msg_b","url":"https://e2"}],{"error":"topic x not found"},{"messageId":"msg_c","deduplicated":true}]
            """));

        var results = await qstash.Client().BatchAsync([Message("group"), Message("x"), Message("https://example.com")], Cancellation);

        Assert.Equal(["msg_a", "msg_b"], results[0].Receipts.Select(receipt => receipt.MessageId));
        Assert.Null(results[0].Error);
        Assert.Empty(results[1].Receipts);
        Assert.Equal("topic x not found", results[1].Error);
        Assert.True(Assert.Single(results[2].Receipts).Deduplicated);
    }

    // V7
    [Theory]
    [InlineData("[]")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messageId":""}""")]
    public async Task Answers_an_error_for_a_message_to_a_url_without_a_receipt(string answer)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok($$"""[{{answer}},{"messageId":"msg_b"},[]]"""));

        var results = await qstash.Client().BatchAsync([Message("https://a.example"), Message("https://b.example"), Message("empty-group")], Cancellation);

        Assert.Empty(results[0].Receipts);
        Assert.Contains("without a receipt", results[0].Error, StringComparison.Ordinal);
        Assert.Null(results[1].Error);
        Assert.Null(results[2].Error);
    }

    [Fact]
    public async Task Accepts_a_bare_object_for_a_batch_of_one()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"messageId":"msg_1"}"""));

        var results = await qstash.Client().BatchAsync([Message("https://example.com")], Cancellation);

        Assert.Equal("msg_1", Assert.Single(Assert.Single(results).Receipts).MessageId);
    }

    [Fact]
    public async Task Fails_when_results_cannot_be_matched_to_messages()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""[{"messageId":"msg_1"}]"""));

        await Assert.ThrowsAsync<QStashException>(() => qstash.Client().BatchAsync([Message("https://a.example"), Message("https://b.example")], Cancellation));
    }

    [Fact]
    public async Task Sends_nothing_for_no_messages()
    {
        await using var qstash = await ScriptedQStash.StartAsync();

        Assert.Empty(await qstash.Client().BatchAsync([], Cancellation));
        Assert.Empty(qstash.Requests);
    }

    [Fact]
    public async Task Refuses_a_body_that_is_no_text_and_names_its_index()
    {
        await using var qstash = await ScriptedQStash.StartAsync();
        var binary = new QStashMessage { Destination = "https://example.com", Body = new byte[] { 0x00, 0xff } };

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => qstash.Client().BatchAsync([Message("https://example.com"), binary], Cancellation));

        Assert.Equal("messages[1]", exception.ParamName);
        Assert.Contains("Body", exception.Message, StringComparison.Ordinal);
        Assert.False(binary.CanBatch);
        Assert.True(Message("x").CanBatch);
        Assert.Empty(qstash.Requests);
    }

    [Fact]
    public async Task Names_the_index_of_a_message_that_breaks_another_rule()
    {
        await using var qstash = await ScriptedQStash.StartAsync();

        var exception = await Assert.ThrowsAsync<ArgumentException>(() => qstash.Client().BatchAsync([Message("https://example.com"), Message("https://example.com/#x")], Cancellation));

        Assert.Equal("messages[1]", exception.ParamName);
    }

    static QStashMessage WithBody(string body) => new() { Destination = "https://example.com", Body = Encoding.UTF8.GetBytes(body) };

    static Reply Answer(int count) => Reply.Ok($"[{string.Join(',', Enumerable.Repeat("""{"messageId":"msg_1"}""", count))}]");

    static QStashMessage Message(string destination) => new() { Destination = destination, Body = Encoding.UTF8.GetBytes("text") };
}
