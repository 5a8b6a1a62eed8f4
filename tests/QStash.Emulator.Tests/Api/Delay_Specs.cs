using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Api;

public class Delaying_a_message : EmulatorTest
{
    [Theory, Check(33, 34)]
    [InlineData("2s", 2_000)]
    [InlineData("1d10h30m", 124_200_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1m1h1m", 3_720_000)]
    public async Task Delivers_after_the_delay(string delay, int milliseconds)
    {
        var id = await PublishAsync("/a", null, "Upstash-Delay: " + delay);
        var message = (await GetAsync("/v2/messages/" + id)).Json;
        Assert.Equal(milliseconds, message.GetProperty("notBefore").GetInt64() - message.GetProperty("createdAt").GetInt64());

        await AdvanceAsync((milliseconds - 1) / 1000.0);
        Assert.Empty(Sink.All);
        await AdvanceAsync(0.001);
        Assert.Single(Sink.All);
    }

    [Fact, Check(35, 36)]
    public async Task Prefers_the_absolute_time()
    {
        var at = Clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        var id = await PublishAsync("/a", null, "Upstash-Delay: 1h", "Upstash-Not-Before: " + at);
        Assert.Equal(at * 1000, (await GetAsync("/v2/messages/" + id)).Json.GetProperty("notBefore").GetInt64());
        await AdvanceAsync(60);
        Assert.Single(Sink.All);
    }

    [Fact, Check(37)]
    public async Task Delivers_at_once_when_the_time_has_passed()
    {
        await PublishAsync("/a", null, "Upstash-Not-Before: 1");
        await IdleAsync();
        Assert.Single(Sink.All);
    }
}
