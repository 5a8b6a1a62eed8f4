using System.Text.Json;
using Microsoft.AspNetCore.Http;
using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Looking_after_dead_letters_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    async Task FailAsync()
    {
        Sink.Answer = async (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/b" ? 503 : 500;
            context.Response.Headers["X-Reason"] = "tired";
            await context.Response.WriteAsync("out of order", Cancellation);
        };
        await ScriptAsync("""
            for (const [path, label] of [['/a', 'first'], ['/b', 'second'], ['/c', 'third']]) {
              await client.publish({ url: sink + path, body: path, label, retries: 0 });
            }
            """);
        await IdleAsync();
        Sink.AnswerWith(200);
    }

    [Fact] // 128
    public async Task Shows_the_last_answer()
    {
        await FailAsync();
        var letter = (await ScriptAsync("return (await client.dlq.listMessages({ filter: { url: sink + '/b' } })).messages"))[0];
        Assert.Equal((503, "out of order", "/b"), (letter.GetProperty("responseStatus").GetInt32(), letter.GetProperty("responseBody").GetString(), letter.GetProperty("body").GetString()));
        Assert.Equal("tired", letter.GetProperty("responseHeader").GetProperty("X-Reason")[0].GetString());
        Assert.NotEmpty(letter.GetProperty("dlqId").GetString()!);
    }

    [Theory] // 136
    [InlineData("{ responseStatus: 503 }", "/b")]
    [InlineData("{ responseStatus: [500, 503], label: ['first', 'second'] }", "/a /b")]
    [InlineData("{ label: 'third' }", "/c")]
    [InlineData("{ messageId: 'msg_none' }", "")]
    [InlineData("{ fromDate: new Date(0) }", "/a /b /c")]
    public async Task Finds_some(string filter, string expected)
    {
        await FailAsync();
        Assert.Equal(expected, Bodies(await ScriptAsync($$"""return (await client.dlq.listMessages({ filter: {{filter}} })).messages""")));
    }

    [Fact] // 129
    public async Task Visits_all_page_by_page()
    {
        await FailAsync();
        var all = await ScriptAsync("""
            const all = [];
            let cursor;
            do {
              const page = await client.dlq.listMessages({ count: 1, cursor });
              all.push(...page.messages);
              cursor = page.cursor;
            } while (cursor);
            return all;
            """);
        Assert.Equal("/a /b /c", Bodies(all));
    }

    [Theory] // 130, 132, 133
    [InlineData("all[0].dlqId", "1")]
    [InlineData("[all[0].dlqId, all[1].dlqId]", "2")]
    [InlineData("{ filter: { label: 'first' } }", "1")]
    [InlineData("{ filter: { label: 'none' } }", "0")]
    [InlineData("{ all: true }", "3")]
    public async Task Sends_again(string request, string expected)
    {
        await FailAsync();
        var answer = await ScriptAsync($$"""
            const all = (await client.dlq.listMessages()).messages;
            const { responses, cursor } = await client.dlq.retry({{request}});
            return { responses, ended: cursor === undefined, left: (await client.dlq.listMessages()).messages.length };
            """);
        Assert.Equal(expected, $"{answer.GetProperty("responses").GetArrayLength()}");
        Assert.Equal(3 - answer.GetProperty("responses").GetArrayLength(), answer.GetProperty("left").GetInt32());
        Assert.True(answer.GetProperty("ended").GetBoolean());
        await IdleAsync();
        var ids = answer.GetProperty("responses").EnumerateArray().Select(response => response.GetProperty("messageId").GetString());
        Assert.Equal(ids.Order(), Sink.All.Skip(3).Select(request => request.Header("Upstash-Message-Id")).Order());
    }

    [Theory] // 135
    [InlineData("all[0].dlqId", 2)]
    [InlineData("[all[0].dlqId, all[1].dlqId]", 1)]
    [InlineData("{ filter: { responseStatus: 500 } }", 1)]
    [InlineData("{ all: true }", 0)]
    public async Task Deletes(string request, int expected)
    {
        await FailAsync();
        var left = await ScriptAsync($$"""
            const all = (await client.dlq.listMessages()).messages;
            const { deleted } = await client.dlq.delete({{request}});
            const left = (await client.dlq.listMessages()).messages.length;
            return deleted === all.length - left ? left : 'deleted ' + deleted;
            """);
        Assert.Equal($"{expected}", left.ToString());
    }

    [Fact] // 134
    public async Task Deletes_nothing_when_a_filter_is_misspelt()
    {
        await FailAsync();
        var status = await ScriptAsync("return await client.dlq.delete({ filter: { labeel: 'first' } }).catch(e => e.status)");
        Assert.Equal(400, status.GetInt32());
        Assert.Equal(3, (await ScriptAsync("return (await client.dlq.listMessages()).messages.length")).GetInt32());
    }

    static string Bodies(JsonElement messages) => string.Join(' ', messages.EnumerateArray().Select(message => message.GetProperty("body").GetString()).Order());
}
