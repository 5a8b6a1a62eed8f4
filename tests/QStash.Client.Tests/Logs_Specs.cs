using System.Text;
using System.Text.Json;

namespace QStash.Client.Tests;

// docs/qstash-contract.md#log
public class The_log
{
    // docs/qstash-contract.md#log
    [Theory]
    [InlineData("events")]
    [InlineData("logs")]
    public async Task Is_read_whatever_its_name(string member)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok($$"""{"{{member}}":[{"time":1700000000123,"messageId":"msg_1","state":"ACTIVE"}],"cursor":"1-1"}"""));

        var page = await qstash.Client().Logs.ListAsync(new() { MessageIds = ["msg_1"], State = QStashMessageState.InProgress }, count: 10, cancellationToken: Cancellation);

        Assert.Equal("1-1", page.Cursor);
        var entry = Assert.Single(page.Items);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123), entry.Time);
        Assert.Equal("/v2/events?messageIds=msg_1&state=IN_PROGRESS&count=10", qstash.Request.RawTarget);
    }

    // docs/qstash-contract.md#log
    [Theory]
    [InlineData("CANCELLED", QStashMessageState.Cancelled)]
    [InlineData("CANCELED", QStashMessageState.Cancelled)]
    [InlineData("CANCEL_REQUESTED", QStashMessageState.CancelRequested)]
    [InlineData("FAILED", QStashMessageState.Failed)]
    [InlineData("SOMETHING_NEW", QStashMessageState.Unknown)]
    public async Task Tells_states_in_both_spellings(string state, QStashMessageState expected)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok($$"""{"events":[{"messageId":"msg_1","state":"{{state}}"}]}"""));

        await foreach (var entry in qstash.Client().Logs.ListAllAsync(cancellationToken: Cancellation))
            Assert.Equal(expected, entry.State);

        Assert.Equal("/v2/events", qstash.Request.RawTarget);
    }

    [Theory]
    [InlineData("responseHeaders", "retryDelayExpression")]
    [InlineData("responseHeader", "retryDelayExpr")]
    public async Task Tells_the_answer_in_both_spellings(string headers, string retryDelay)
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok($$"""
            {"events":[{"messageId":"msg_1","state":"ERROR","body":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes("text"))}}","{{headers}}":{"A":["b"]},"{{retryDelay}}":"1000",
             "responseStatus":500,"responseBody":"REDACTED:0a","timeout":1500,"nextDeliveryTime":1700000000000,"label":"l"}]}
            """));

        var entry = Assert.Single((await qstash.Client().Logs.ListAsync(cancellationToken: Cancellation)).Items);

        Assert.Equal(["b"], entry.ResponseHeaders["a"]);
        Assert.Equal("1000", entry.RetryDelayExpression);
        Assert.Equal("text"u8, entry.Body.Span);
        Assert.Equal("REDACTED:0a"u8, entry.ResponseBody.Span);
        Assert.Equal(TimeSpan.FromSeconds(1.5), entry.Timeout);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), entry.NextDelivery);
        Assert.Equal(["l"], entry.Labels);
    }

    [Fact]
    public async Task Can_be_written_as_json_by_the_user()
    {
        await using var qstash = await ScriptedQStash.StartAsync(Reply.Ok("""{"events":[{"messageId":"msg_1","time":1700000000123,"state":"ACTIVE","header":{"A":["b"]},"body":"dGV4dA==","timeout":1500}]}"""));
        var entry = Assert.Single((await qstash.Client().Logs.ListAsync(cancellationToken: Cancellation)).Items);

        var json = JsonSerializer.SerializeToElement(entry, JsonSerializerOptions.Web);

        Assert.Equal(1_700_000_000_123, json.GetProperty("time").GetInt64());
        Assert.Equal("ACTIVE", json.GetProperty("state").GetString());
        Assert.Equal("b", json.GetProperty("header").GetProperty("A")[0].GetString());
        Assert.Equal("dGV4dA==", json.GetProperty("body").GetString());
        Assert.Equal(1500, json.GetProperty("timeout").GetInt64());
    }
}
