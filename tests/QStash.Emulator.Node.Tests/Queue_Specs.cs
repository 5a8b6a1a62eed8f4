using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Using_queues_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 102, 103, 104
    public async Task Delivers_in_order_and_lets_retries_hold_it_up()
    {
        Sink.AnswerWith(500, 200);
        await ScriptAsync("""
            const queue = client.queue({ queueName: 'orders' });
            for (const n of [1, 2, 3]) await queue.enqueueJSON({ url: sink + '/' + n, body: n, retryDelay: '5000' });
            """);
        await IdleAsync();
        Assert.Equal("/1", Assert.Single(Sink.All).Target);
        await AdvanceAsync(5);
        Assert.Equal(["/1", "/1", "/2", "/3"], Sink.All.Select(request => request.Target));
    }

    [Fact] // 107, 109, 110
    public async Task Pauses_resumes_lists_and_deletes()
    {
        var seen = await ScriptAsync("""
            const queue = client.queue({ queueName: 'orders' });
            await queue.upsert({ parallelism: 2, paused: true });
            await queue.enqueue({ url: sink + '/a', body: 'x' });
            return { queue: await queue.get(), list: await queue.list() };
            """);
        var queue = seen.GetProperty("queue");
        Assert.Equal(("orders", 2, 1, true), (queue.GetProperty("name").GetString(), queue.GetProperty("parallelism").GetInt32(), queue.GetProperty("lag").GetInt32(), queue.GetProperty("paused").GetBoolean()));
        Assert.Single(seen.GetProperty("list").EnumerateArray());
        await IdleAsync();
        Assert.Empty(Sink.All);

        Assert.False((await ScriptAsync("const queue = client.queue({ queueName: 'orders' }); await queue.resume(); return (await queue.get()).paused")).GetBoolean());
        await IdleAsync();
        Assert.Single(Sink.All);

        var after = await ScriptAsync("""
            const queue = client.queue({ queueName: 'orders' });
            await queue.pause();
            const { paused } = await queue.get();
            await queue.delete();
            return [paused, await queue.get().catch(e => e.status)];
            """);
        Assert.True(after[0].GetBoolean());
        Assert.Equal(404, after[1].GetInt32());
    }
}
