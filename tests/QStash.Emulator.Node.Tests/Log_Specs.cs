using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Reading_the_log_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 137, 138, 139
    public async Task Follows_a_message()
    {
        Sink.AnswerWith(500, 200);
        var id = (await ScriptAsync("return (await client.publish({ url: sink + '/a', retryDelay: '1000', label: 'nightly' })).messageId")).GetString();
        await AdvanceAsync(1);
        var logs = await ScriptAsync("return (await client.logs({ messageIds: [given] })).logs.reverse()", id);
        Assert.Equal(
            ["CREATED", "ACTIVE", "ERROR", "RETRY", "ACTIVE", "DELIVERED"],
            logs.EnumerateArray().Select(entry => entry.GetProperty("state").GetString()));
        Assert.Equal((500, "nightly"), (logs[2].GetProperty("responseStatus").GetInt32(), logs[2].GetProperty("label").GetString()));
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeMilliseconds(), logs[3].GetProperty("nextDeliveryTime").GetInt64());
    }

    [Theory] // 140
    [InlineData("{ state: 'DELIVERED' }", 2)]
    [InlineData("{ state: 'CANCELED' }", 1)]
    [InlineData("{ state: 'DELIVERED', url: sink + '/a' }", 1)]
    [InlineData("{ label: ['first', 'second'], state: 'CREATED' }", 2)]
    [InlineData("{ urlGroup: 'none' }", 0)]
    [InlineData("{ path: '/b' }", 3)]
    public async Task Finds_entries(string filter, int expected)
    {
        await ScriptAsync("""
            await client.publish({ url: sink + '/a', label: 'first' });
            await client.publish({ url: sink + '/b', label: 'second' });
            await client.messages.cancel((await client.publish({ url: sink + '/c', delay: 60 })).messageId);
            """);
        await IdleAsync();
        Assert.Equal(expected, (await ScriptAsync($$"""return (await client.logs({ filter: {{filter}} })).logs.length""")).GetInt32());
    }

    [Fact] // 140
    public async Task Reads_page_by_page()
    {
        await ScriptAsync("await client.publish({ url: sink + '/a' })");
        await IdleAsync();
        var states = await ScriptAsync("""
            const states = [];
            let cursor;
            do {
              const page = await client.logs({ count: 1, cursor });
              states.push(...page.logs.map(entry => entry.state));
              cursor = page.cursor;
            } while (cursor);
            return states;
            """);
        Assert.Equal(["DELIVERED", "ACTIVE", "CREATED"], states.EnumerateArray().Select(state => state.GetString()));
    }
}
