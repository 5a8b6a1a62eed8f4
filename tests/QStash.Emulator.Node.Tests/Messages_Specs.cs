using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Looking_after_messages_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 119, 121, 166
    public async Task Shows_a_message_as_it_was_published()
    {
        var message = await ScriptAsync("""
            const { messageId } = await client.publishJSON({
              url: sink + '/a', body: { n: 1 }, delay: 60, retries: 2, retryDelay: 'pow(2, retried)', callback: sink + '/done', failureCallback: sink + '/failed',
              label: ['one', 'two'], headers: { 'x-tenant': 'blue' },
            });
            return await client.messages.get(messageId);
            """);
        string? Text(string member) => message.GetProperty(member).GetString();
        Assert.Equal((Sink.Url + "/a", "POST", """{"n":1}"""), (Text("url"), Text("method"), Text("body")));
        Assert.Equal((2, "pow(2, retried)"), (message.GetProperty("maxRetries").GetInt32(), Text("retryDelayExpression")));
        Assert.Equal((Sink.Url + "/done", Sink.Url + "/failed", "one"), (Text("callback"), Text("failureCallback"), Text("label")));
        Assert.Equal(["one", "two"], message.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal("blue", message.GetProperty("header").GetProperty("X-Tenant")[0].GetString());
        Assert.Equal(60_000, message.GetProperty("notBefore").GetInt64() - message.GetProperty("createdAt").GetInt64());
    }

    [Fact] // 122, 123
    public async Task Cancels_one()
    {
        var seen = await ScriptAsync("""
            const { messageId } = await client.publish({ url: sink + '/a', delay: 60 });
            const answer = await client.messages.cancel(messageId);
            return { ...answer, again: await client.messages.cancel(messageId).catch(e => e.status), unknown: await client.messages.get('msg_none').catch(e => e.status) };
            """);
        Assert.Equal((1, 404, 404), (seen.GetProperty("cancelled").GetInt32(), seen.GetProperty("again").GetInt32(), seen.GetProperty("unknown").GetInt32()));
        await AdvanceAsync(60);
        Assert.Empty(Sink.All);
    }

    [Theory] // 124, 125, 126
    [InlineData("[ids[0], ids[1]]", 2, "/c")]
    [InlineData("{ messageIds: [ids[2], 'msg_none'] }", 1, "/a /b")]
    [InlineData("{ filter: { label: ['first', 'third'] } }", 2, "/b")]
    [InlineData("{ filter: { url: sink + '/b' } }", 1, "/a /c")]
    [InlineData("{ filter: { host: new URL(sink).host, path: ['/a', '/b'] } }", 2, "/c")]
    [InlineData("{ filter: { label: 'first', url: sink + '/b' } }", 0, "/a /b /c")]
    [InlineData("{ filter: { fromDate: new Date(0), toDate: 1 } }", 0, "/a /b /c")]
    [InlineData("{ all: true }", 3, "")]
    public async Task Cancels_many(string request, int expected, string left)
    {
        var cancelled = await ScriptAsync($$"""
            const ids = [];
            for (const [path, label] of [['/a', 'first'], ['/b', 'second'], ['/c', 'third']])
              ids.push((await client.publish({ url: sink + path, label, delay: 60 })).messageId);
            return (await client.messages.cancel({{request}})).cancelled;
            """);
        Assert.Equal(expected, cancelled.GetInt32());
        await AdvanceAsync(60);
        Assert.Equal(left, string.Join(' ', Sink.All.Select(received => received.Target).Order()));
    }
}
