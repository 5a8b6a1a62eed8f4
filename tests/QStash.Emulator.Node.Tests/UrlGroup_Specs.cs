using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Using_url_groups_with_the_official_client(JavaScript javaScript) : NodeTest(javaScript)
{
    [Fact] // 93, 94, 95
    public async Task Adds_lists_and_removes_endpoints()
    {
        var groups = await ScriptAsync("""
            const { urlGroups } = client;
            await urlGroups.addEndpoints({ name: 'g', endpoints: [{ name: 'one', url: sink + '/1' }, { url: sink + '/2' }] });
            await urlGroups.addEndpoints({ name: 'g', endpoints: [{ url: sink + '/3' }] });
            const added = await urlGroups.get('g');
            await urlGroups.removeEndpoints({ name: 'g', endpoints: [{ name: 'one' }, { url: sink + '/2' }] });
            const listed = await urlGroups.list();
            await urlGroups.delete('g');
            return { added, listed, gone: await urlGroups.get('g').catch(e => e.status) };
            """);
        var added = groups.GetProperty("added").GetProperty("endpoints").EnumerateArray().ToList();
        Assert.Equal([Sink.Url + "/1", Sink.Url + "/2", Sink.Url + "/3"], added.Select(endpoint => endpoint.GetProperty("url").GetString()));
        Assert.Equal("one", added[0].GetProperty("name").GetString());
        var listed = Assert.Single(groups.GetProperty("listed").EnumerateArray());
        Assert.Equal(Sink.Url + "/3", Assert.Single(listed.GetProperty("endpoints").EnumerateArray()).GetProperty("url").GetString());
        Assert.Equal(404, groups.GetProperty("gone").GetInt32());
    }

    [Fact] // 97
    public async Task Publishes_to_each_endpoint()
    {
        var answer = await ScriptAsync("""
            await client.urlGroups.addEndpoints({ name: 'g', endpoints: [{ url: sink + '/1' }, { url: sink + '/2' }] });
            return await client.publishJSON({ urlGroup: 'g', body: { hello: 'world' } });
            """);
        await IdleAsync();
        Assert.Equal(["/1", "/2"], Sink.All.Select(request => request.Target).Order());
        Assert.All(Sink.All, request => Assert.Equal("g", request.Header("Upstash-Topic-Name")));
        Assert.Equal([Sink.Url + "/1", Sink.Url + "/2"], answer.EnumerateArray().Select(entry => entry.GetProperty("url").GetString()));
        Assert.Equal(2, answer.EnumerateArray().Select(entry => entry.GetProperty("messageId").GetString()).Distinct().Count());
    }
}
