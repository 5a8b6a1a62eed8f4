using QStash.Emulator.Faults;
using QStash.Emulator.Tests.Support;
using QStash.Tools.Tests.Support;

namespace QStash.Tools.Tests;

public class Looking_after_messages_on_the_command_line : EmulatorTest
{
    const string Delayed = "Upstash-Delay: 1d";

    [Fact]
    public async Task Delivers_them_now()
    {
        var id = await PublishAsync("/a", null, Delayed);
        var (code, output, errors) = await RunAsync($"messages deliver {id} msg_other");
        await IdleAsync();
        Assert.Single(Sink.All);
        Assert.Equal((1, $"{id} is delivered now", "No message msg_other is waiting."), (code, output.Trim(), errors.Trim()));
    }

    [Fact]
    public async Task Cancels_them_by_id_or_filter()
    {
        var first = await PublishAsync("/a", null, Delayed);
        await PublishAsync("/b", null, Delayed, "Upstash-Label: l");
        await PublishAsync("/c", null, Delayed);
        Assert.Equal((0, first + " cancelled"), Done(await RunAsync("messages cancel " + first)));
        var (code, _, errors) = await RunAsync("messages cancel msg_unknown");
        Assert.Equal((1, "There is no message on its way with the id msg_unknown."), (code, errors.Trim()));
        Assert.Equal((0, "1 cancelled"), Done(await RunAsync("messages cancel --label l")));
        Assert.Single(Emulator.GetSnapshot().User("defaultUser").Messages);
        Assert.Contains("finished", (await RunAsync("messages actions")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Need_not_wait_for_the_end()
    {
        Emulator.Faults.Add(new FaultRule(FaultAction.SlowBulkAction) { Delay = TimeSpan.FromHours(1) });
        await PublishAsync("/a", null, Delayed, "Upstash-Label: l");
        Assert.EndsWith("cancels 1", (await RunAsync("messages cancel --label l --no-wait")).Output.Trim(), StringComparison.Ordinal);
        Assert.Matches(@"0/1 +label=l", (await RunAsync("messages actions --running")).Output);
    }

    [Theory]
    [InlineData("messages cancel")]
    [InlineData("messages cancel --no-wait")]
    [InlineData("messages cancel msg_1 --label l")]
    public async Task Never_cancel_everything_by_mistake(string arguments)
    {
        await PublishAsync("/a", null, Delayed);
        var (code, _, errors) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains("Say what to cancel", errors, StringComparison.Ordinal);
        Assert.Single(Emulator.GetSnapshot().User("defaultUser").Messages);
    }

    static (int Code, string Output) Done((int Code, string Output, string Errors) run) => (run.Code, run.Output.Trim());

    async Task<(int Code, string Output, string Errors)> RunAsync(string arguments)
    {
        var url = Emulator.Url.GetLeftPart(UriPartial.Authority);
        await using var program = RunningProgram.StartTool([.. arguments.Split(' '), "--url", url, "--token", Emulator.DefaultUser.Token]);
        var code = await program.ExitAsync();
        return (code, program.Output, program.Errors);
    }
}
