using System.Net;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Control;

public class Moving_the_clock_over_http : EmulatorTest
{
    protected override QStashEmulatorOptions Options() => new() { TimeProvider = Clock, EnableControl = true };

    [Fact]
    public async Task Plays_a_whole_retry_schedule_in_one_advance()
    {
        Sink.AnswerWith(500);
        var start = Clock.GetUtcNow();
        await PublishAsync();
        var answer = await CallAsync("POST", "/emulator/clock/advance", "{\"by\":\"40m\"}");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(start + TimeSpan.FromMinutes(40), answer.Json.GetProperty("now").GetDateTimeOffset());
        Assert.Equal([0, 12, 160, 1968], Sink.All.Select(request => (int)(request.At - start).TotalSeconds));
        Assert.Single((await GetAsync("/v2/dlq")).Json.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Goes_to_an_instant()
    {
        await PublishAsync("/a", null, "Upstash-Delay: 1h30m");
        await CallAsync("POST", "/emulator/clock/advance", "{\"until\":\"2026-01-01T01:29:59Z\"}");
        Assert.Empty(Sink.All);
        await CallAsync("POST", "/emulator/clock/advance", "{\"until\":\"2026-01-01T01:30:00Z\"}");
        Assert.Single(Sink.All);
        await PublishAsync("/b", null, "Upstash-Delay: 1s");
        await Emulator.AdvanceToAsync(Clock.GetUtcNow().AddSeconds(1), Cancellation);
        Assert.Single(Sink.At("/b"));
    }

    [Fact]
    public async Task Shows_what_it_was_told()
    {
        async Task<string> CallAsync(string action, string? body = null) => (await base.CallAsync("POST", "/emulator/clock/" + action, body)).Text;

        Assert.Equal("{\"now\":\"2026-01-01T00:00:00+00:00\",\"frozen\":true,\"scale\":1}", (await GetAsync("/emulator/clock")).Text);
        Assert.Contains("\"frozen\":true,\"scale\":60", await CallAsync("scale", "{\"scale\":60}"), StringComparison.Ordinal);
        Assert.Contains("\"frozen\":false,\"scale\":60", await CallAsync("resume"), StringComparison.Ordinal);
        Assert.Contains("\"frozen\":true,\"scale\":60", await CallAsync("freeze"), StringComparison.Ordinal);
        Assert.True(Emulator.Clock!.IsFrozen);
    }

    [Fact]
    public async Task Delivers_by_itself_while_it_runs_fast()
    {
        var delivered = new TaskCompletionSource();
        Sink.Answer = (_, _) =>
        {
            delivered.TrySetResult();
            return Task.CompletedTask;
        };
        await PublishAsync("/a", null, "Upstash-Delay: 1h");
        await CallAsync("POST", "/emulator/clock/scale", "{\"scale\":36000}");
        await CallAsync("POST", "/emulator/clock/resume");
        await delivered.Task.WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData("advance", "", "by")]
    [InlineData("advance", "{\"by\":\"1\"}", "by")]
    [InlineData("advance", "{\"by\":5}", "by")]
    [InlineData("advance", "{\"by\":\"1s\",\"until\":\"2026-01-01T01:00:00Z\"}", "either")]
    [InlineData("advance", "{\"until\":\"2025-01-01T01:00:00Z\"}", "until")]
    [InlineData("advance", "{\"until\":\"9999-01-01T01:00:00Z\"}", "until")]
    [InlineData("advance", "{\"until\":\"soon\"}", "until")]
    [InlineData("advance", "{\"by\":\"1s\",\"for\":\"1s\"}", "'for'")]
    [InlineData("advance", "{\"by\":\"1s\",\"timeout\":\"2d\"}", "timeout")]
    [InlineData("scale", "{}", "scale")]
    [InlineData("scale", "{\"scale\":0}", "scale")]
    [InlineData("scale", "{\"scale\":1e300}", "scale")]
    [InlineData("scale", "{\"scale\":\"60\"}", "scale")]
    public async Task Names_what_cannot_be_used(string action, string body, string field) =>
        AssertBadRequest(await CallAsync("POST", "/emulator/clock/" + action, body), field);
}
