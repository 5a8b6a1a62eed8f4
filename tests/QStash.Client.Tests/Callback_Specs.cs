using System.Text.Json;

namespace QStash.Client.Tests;

// docs/qstash-contract.md#callbacks
public class A_callback
{
    [Fact]
    public void Is_read_as_QStash_sends_it()
    {
        var callback = QStashCallback.Parse("""
            {"status":500,"header":{"Content-Type":["text/plain"]},"body":"Ym9vbQ==","retried":1,"maxRetries":3,"dlqId":"1725323658779-0",
             "sourceMessageId":"msg_x","topicName":"orders","endpointName":"billing","url":"https://d.example/hook","method":"POST",
             "sourceHeader":{"X-A":["b","c"]},"sourceBody":"AP8=","notBefore":1701198458025,"createdAt":1701198447054,"scheduleId":"scd_1","callerIP":"203.0.113.7"}
            """u8);

        Assert.Equal((500, false, 1, 3, "1725323658779-0", "msg_x"), (callback.Status, callback.IsSuccess, callback.Retried, callback.MaxRetries, callback.DlqId, callback.SourceMessageId));
        Assert.Equal("boom"u8, callback.ResponseBody.Span);
        Assert.Equal((byte[])[0, 255], callback.SourceBody.ToArray());
        Assert.Equal(["b", "c"], callback.SourceHeaders["x-a"]);
        Assert.Equal(("orders", "billing", "scd_1", "203.0.113.7"), (callback.UrlGroup, callback.EndpointName, callback.ScheduleId, callback.CallerIp));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1701198447054), callback.CreatedAt);
    }

    // Sharp edges 27 to 29: texts for numbers and arrays, and members left out.
    [Fact]
    public void Is_read_as_the_documentation_shows_it()
    {
        var callback = QStashCallback.Parse("""
            {"status":"200","header":{"Content-Type":"text/plain"},"retried":"2","sourceMessageId":"msg_x","createdAt":"1701198447054","callerIp":"203.0.113.7"}
            """u8);

        Assert.Equal((200, true, 2, 0), (callback.Status, callback.IsSuccess, callback.Retried, callback.MaxRetries));
        Assert.Equal(["text/plain"], callback.ResponseHeaders["content-type"]);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1701198447054), callback.CreatedAt);
        Assert.Equal("203.0.113.7", callback.CallerIp);
        Assert.True(callback.ResponseBody.IsEmpty && callback.SourceBody.IsEmpty && callback.SourceHeaders.Count == 0);
        Assert.Null(callback.DlqId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"status":200}""")]
    public void Is_not_read_from_something_else(string body) =>
        Assert.Throws<JsonException>(() => QStashCallback.Parse(System.Text.Encoding.UTF8.GetBytes(body)));
}
