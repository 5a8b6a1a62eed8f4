using System.Text.Json;
using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Using_flow_control_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 153, 155
    public async Task Starts_no_more_than_the_rate_allows()
    {
        await ScriptAsync("""
            for (const n of [1, 2, 3, 4, 5]) await client.publish({ url: sink + '/' + n, flowControl: { key: 'k', rate: 2, period: '1m' } });
            """);
        var start = Clock.GetUtcNow();
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);
        await AdvanceAsync(120);
        Assert.Equal([0, 0, 60, 60, 120], Sink.All.Select(request => (request.At - start).TotalSeconds));
    }

    [Fact] // 152
    public async Task Runs_no_more_at_a_time_than_allowed()
    {
        var (running, most) = (0, 0);
        Sink.Answer = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        };
        await ScriptAsync("""
            await client.batch(['/a', '/b', '/c', '/d'].map(path => ({ url: sink + path, flowControl: { key: 'k', parallelism: 1 } })));
            """);
        await IdleAsync();
        Assert.Equal((4, 1), (Sink.All.Count, most));
    }

    [Fact] // 121, 154
    public async Task Shows_the_key_and_what_a_message_asked_for()
    {
        var seen = await ScriptAsync("""
            const { messageId } = await client.publish({ url: sink, delay: 60, flowControl: { key: 'k', parallelism: 5, rate: 10, period: 60 } });
            return { message: await client.messages.get(messageId), key: await client.flowControl.get('k'), unknown: await client.flowControl.get('none').catch(e => e.status) };
            """);
        Assert.Equal(("k", 5, 10, 60), (
            seen.GetProperty("message").GetProperty("flowControlKey").GetString(), Number(seen.GetProperty("message"), "parallelism"),
            Number(seen.GetProperty("message"), "rate"), Number(seen.GetProperty("message"), "period")));
        var key = seen.GetProperty("key");
        Assert.Equal((5, 10, 60, 0), (Number(key, "parallelismMax"), Number(key, "rateMax"), Number(key, "ratePeriod"), Number(key, "waitListSize")));
        Assert.Equal(404, seen.GetProperty("unknown").GetInt32());
    }

    [Fact] // 156
    public async Task Pauses_and_resumes()
    {
        var paused = await ScriptAsync("""
            await client.publish({ url: sink + '/first', flowControl: { key: 'k', parallelism: 3 } });
            await client.flowControl.pause('k');
            await client.publish({ url: sink + '/second', flowControl: { key: 'k', parallelism: 3 } });
            return await client.flowControl.get('k');
            """);
        await IdleAsync();
        Assert.True(paused.GetProperty("isPaused").GetBoolean());
        Assert.Empty(Sink.At("/second"));
        Assert.False((await ScriptAsync("await client.flowControl.resume('k'); return (await client.flowControl.get('k')).isPaused")).GetBoolean());
        await IdleAsync();
        Assert.Single(Sink.At("/second"));
    }

    [Fact] // 157, 158
    public async Task Pins_and_unpins()
    {
        var seen = await ScriptAsync("""
            const publish = parallelism => client.publish({ url: sink, flowControl: { key: 'k', parallelism } });
            await publish(1);
            await client.flowControl.pin('k', { parallelism: 4, rate: 9, period: 30 });
            await publish(2);
            const pinned = await client.flowControl.get('k');
            await client.flowControl.unpin('k', { parallelism: true });
            const unpinned = await client.flowControl.get('k');
            await publish(3);
            return { pinned, unpinned, later: await client.flowControl.get('k') };
            """);
        Assert.Equal((true, true, 4, 9, 30), Pins(seen.GetProperty("pinned")));
        Assert.Equal((false, true, 4, 9, 30), Pins(seen.GetProperty("unpinned")));
        Assert.Equal((false, true, 3, 9, 30), Pins(seen.GetProperty("later")));
    }

    [Fact] // 159
    public async Task Resets_the_rate()
    {
        await ScriptAsync("""
            for (const n of [1, 2]) await client.publish({ url: sink + '/' + n, flowControl: { key: 'k', rate: 1, period: '1h' } });
            """);
        await IdleAsync();
        Assert.Single(Sink.All);
        await ScriptAsync("await client.flowControl.resetRate('k')");
        await IdleAsync();
        Assert.Equal(2, Sink.All.Count);
    }

    [Fact] // 161
    public async Task Knows_the_parallelism_of_the_account()
    {
        var answer = await ScriptAsync("return await client.flowControl.getGlobalParallelism()");
        Assert.Equal(JsonValueKind.Number, answer.GetProperty("parallelismMax").ValueKind);
        Assert.Equal(0, Number(answer, "parallelismCount"));
    }

    [Fact] // 125
    public async Task Finds_messages_by_key()
    {
        var answer = await ScriptAsync("""
            for (const key of ['k', 'l']) await client.publish({ url: sink + '/' + key, delay: 60, flowControl: { key, parallelism: 1 } });
            return await client.messages.cancel({ filter: { flowControlKey: 'k' } });
            """);
        Assert.Equal(1, answer.GetProperty("cancelled").GetInt32());
        await AdvanceAsync(60);
        Assert.Equal("/l", Assert.Single(Sink.All).Target);
    }

    static int Number(JsonElement element, string member) => element.GetProperty(member).GetInt32();

    static (bool Parallelism, bool Rate, int Max, int RateMax, int Period) Pins(JsonElement key) => (
        key.GetProperty("isPinnedParallelism").GetBoolean(), key.GetProperty("isPinnedRate").GetBoolean(),
        Number(key, "parallelismMax"), Number(key, "rateMax"), Number(key, "ratePeriod"));
}
