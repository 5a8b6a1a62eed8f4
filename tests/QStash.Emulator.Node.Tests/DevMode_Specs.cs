using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

/// <summary>Contract 9: the SDK asks for the keys at the port, and starts a server of its own only when they are not the published ones.</summary>
public class Setting_QSTASH_DEV(JavaScript javaScript) : ReceivingTest(javaScript)
{
    [Fact] // 1
    public async Task Adopts_an_emulator_that_runs()
    {
        await using var process = NodeProcess.Start(("QSTASH_DEV", "true"), ("QSTASH_DEV_PORT", $"{Emulator.Url.Port}"));
        var id = await process.RunAsync("return (await new Client().publishJSON({ url: sink + '/a', body: { n: 1 } })).messageId", new { sink = Sink.Url }, Cancellation);
        await IdleAsync();
        var delivery = Assert.Single(Sink.All);
        Assert.Equal(id.GetString(), delivery.Header("Upstash-Message-Id"));
        Assert.Contains($"Server already running at http://127.0.0.1:{Emulator.Url.Port}", process.Console, StringComparison.Ordinal);

        var verified = await process.RunAsync(
            "return await new Receiver().verify({ signature, body, url })",
            new { signature = delivery.Header("Upstash-Signature"), body = delivery.Text, url = Sink.Url + "/a" },
            Cancellation);
        Assert.True(verified.GetBoolean());
    }
}
