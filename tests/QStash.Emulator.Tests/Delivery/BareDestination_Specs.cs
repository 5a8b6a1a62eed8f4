using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class A_destination_without_a_path : EmulatorTest
{
    [Theory] // RFC 9112, 3.2.1
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("?x=1", "/?x=1")]
    [InlineData("?", "/?")]
    [InlineData("?a=/b&c=http://d/e?f", "/?a=/b&c=http://d/e?f")]
    [InlineData("/?x=%41", "/?x=%41")]
    [InlineData("//a/../%2e?x", "//a/../%2e?x")]
    public async Task Is_sent_to_the_root(string rest, string target)
    {
        var id = (await CallAsync("POST", "/v2/publish/" + Sink.Url + rest, null, "Upstash-Label: l")).Id;
        await IdleAsync();
        Assert.Equal(target, Sink.All.Single().Target);
        Assert.Equal(Sink.Url + rest, (await GetAsync("/v2/logs?messageId=" + id)).Json.GetProperty("logs")[0].GetProperty("url").GetString());
    }

    [Theory]
    [InlineData("enqueue")]
    [InlineData("batch")]
    [InlineData("schedule")]
    [InlineData("group")]
    [InlineData("callback")]
    [InlineData("failure callback")]
    public async Task Can_stand_everywhere(string way)
    {
        var url = Sink.Url + "?x=1";
        Sink.Answer = (request, context) =>
        {
            context.Response.StatusCode = request.Target == "/fail" ? 500 : 200;
            return Task.CompletedTask;
        };
        switch (way)
        {
            case "enqueue":
                await EnqueueAsync("q", "?x=1");
                break;
            case "batch":
                await CallAsync("POST", "/v2/batch", new[] { new { destination = url } });
                break;
            case "schedule":
                await CallAsync("POST", "/v2/schedules/" + url, null, "Upstash-Cron: * * * * *");
                await AdvanceAsync(60);
                break;
            case "group":
                await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url } } });
                await CallAsync("POST", "/v2/publish/g");
                break;
            case "callback":
                await PublishAsync("/a", null, "Upstash-Callback: " + url);
                break;
            case "failure callback":
                await PublishAsync("/fail", null, "Upstash-Retries: 0", "Upstash-Failure-Callback: " + url);
                break;
        }

        await IdleAsync();
        Assert.Single(Sink.At("/?x=1"));
    }
}
