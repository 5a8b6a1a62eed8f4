using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Publishing_a_batch_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 113, 114
    public async Task Delivers_to_urls_groups_and_queues()
    {
        var answer = await ScriptAsync("""
            await client.urlGroups.addEndpoints({ name: 'g', endpoints: [{ url: sink + '/g1' }, { url: sink + '/g2' }] });
            return await client.batchJSON([
              { url: sink + '/a', body: { n: 1 }, headers: { 'X-Tenant': 'blue' } },
              { urlGroup: 'g', body: { n: 2 }, retries: 0 },
              { url: sink + '/q', body: { n: 3 }, queueName: 'orders' },
            ]);
            """);
        await IdleAsync();
        Assert.Equal(["/a", "/g1", "/g2", "/q"], Sink.All.Select(request => request.Target).Order());
        Assert.Equal(("""{"n":1}""", "blue", "application/json"), (Sink.At("/a")[0].Text, Sink.At("/a")[0].Header("X-Tenant"), Sink.At("/a")[0].Header("Content-Type")));
        Assert.Equal(Sink.At("/a")[0].Header("Upstash-Message-Id"), answer[0].GetProperty("messageId").GetString());
        Assert.Equal(Sink.At("/g2")[0].Header("Upstash-Message-Id"), answer[1][1].GetProperty("messageId").GetString());
        Assert.Equal(Sink.At("/q")[0].Header("Upstash-Message-Id"), answer[2].GetProperty("messageId").GetString());
    }

    [Fact] // 116, 118
    public async Task Reports_the_item_that_cannot_be_sent()
    {
        var answer = await ScriptAsync("return await client.batch([{ url: 'no-such-group' }, { url: sink + '/good', body: 'x' }])");
        await IdleAsync();
        Assert.Contains("no-such-group", answer[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("/good", Assert.Single(Sink.All).Target);
        var single = await ScriptAsync("return await client.batch([{ url: sink + '/one' }])");
        Assert.Equal(1, single.GetArrayLength());
    }
}
