using System.Text.Json;
using Microsoft.AspNetCore.Http;
using QStash.Emulator.Node.Tests.Support;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Getting_callbacks_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 74, 75, 82
    public async Task Can_be_read_as_its_documentation_says()
    {
        var answers = new Queue<int>([500, 200]);
        Sink.Answer = async (request, context) =>
        {
            if (request.Target != "/a")
                return;

            context.Response.StatusCode = answers.Dequeue();
            await context.Response.WriteAsync("grüße", Cancellation);
        };
        var id = (await ScriptAsync("return (await client.publishJSON({ url: sink + '/a', body: { n: 1 }, callback: sink + '/done', retryDelay: '1000' })).messageId")).GetString();
        await AdvanceAsync(1);
        var callbacks = Sink.At("/done");
        Assert.Equal(2, callbacks.Count);
        var read = await ReadAsync(callbacks[1]);
        Assert.Equal((200, "grüße", """{"n":1}"""), (read.GetProperty("status").GetInt32(), read.GetProperty("answer").GetString(), read.GetProperty("source").GetString()));
        Assert.Equal((id, 1, 3), (read.GetProperty("sourceMessageId").GetString(), read.GetProperty("retried").GetInt32(), read.GetProperty("maxRetries").GetInt32()));
    }

    [Fact] // 76
    public async Task Leads_from_a_failure_to_its_dead_letter()
    {
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/a" ? 500 : 200;
            return Task.CompletedTask;
        };
        var id = (await ScriptAsync("return (await client.publish({ url: sink + '/a', retries: 0, failureCallback: sink + '/failed' })).messageId")).GetString();
        await IdleAsync();
        var dlqId = (await ReadAsync(Assert.Single(Sink.At("/failed")))).GetProperty("dlqId").GetString();
        var letter = await ScriptAsync("return (await client.dlq.listMessages({ dlqIds: given })).messages[0]", dlqId);
        Assert.Equal(id, letter.GetProperty("messageId").GetString());
    }

    Task<JsonElement> ReadAsync(Received callback) => ScriptAsync(
        "const callback = JSON.parse(given); return { ...callback, answer: decodeBase64(callback.body ?? ''), source: decodeBase64(callback.sourceBody ?? '') }",
        callback.Text);
}
