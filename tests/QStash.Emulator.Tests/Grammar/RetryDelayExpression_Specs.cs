using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Grammar;

public class Asking_for_an_odd_retry_delay : EmulatorTest
{
    [Theory] // docs/qstash-contract.md#retry-delay-expression
    [InlineData("-5", 0)]
    [InlineData("sqrt(-1)", 0)]
    [InlineData("1 / 0", 86_400)]
    [InlineData("1e3", -1)]
    [InlineData("1.5 * 1000", 1.5)]
    [InlineData("10000 - 3000 - 2000", 5)]
    [InlineData("12000 / 2 / 3", 2)]
    [InlineData("2 + 3 * 1000", 3.002)]
    [InlineData("(2 + 3) * 1000", 5)]
    [InlineData("17 % 5 * 1000", 2)]
    [InlineData("--2000", 2)]
    [InlineData("min(1000, 2000", -1)]
    [InlineData("min(5000, 3000, 4000)", 3)]
    [InlineData("max(1000, retried, 2 * 3000, 4000)", 6)]
    [InlineData("max(1000)", -1)]
    [InlineData("min()", -1)]
    [InlineData("pow(2, 3, 4)", -1)]
    [InlineData("1000 1000", -1)]
    [InlineData("1..2", -1)]
    [InlineData("retries", -1)]
    [InlineData("1000)", -1)]
    [InlineData("2 * -retried + 1000", 1)]
    public async Task Clamps_it_to_a_day_or_refuses_it(string expression, double seconds)
    {
        Sink.AnswerWith(500);
        var answer = await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, "Upstash-Retries: 1", "Upstash-Retry-Delay: " + expression);
        if (seconds < 0)
        {
            AssertBadRequest(answer, "Upstash-Retry-Delay");
            return;
        }

        await AdvanceAsync(2 * 86_400);
        Assert.Equal(seconds, (Sink.All[1].At - Sink.All[0].At).TotalSeconds);
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    public async Task Survives_endless_nesting(char nested) => AssertBadRequest(
        await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", null, "Upstash-Retry-Delay: " + new string(nested, 100_000)), "Upstash-Retry-Delay");
}
