using System.Globalization;

namespace MassTransit.QStash.Soak.Tests;

/// <summary>
/// The short form of docs/soak.md, with all its kinds of kills and faults; shorter still on a laptop. <c>QSTASH_SOAK_SEED</c> repeats the
/// draws of a run, which prints its seed.
/// </summary>
public class Two_services_and_an_emulator_that_are_killed_again_and_again
{
    static readonly bool IsCI = Environment.GetEnvironmentVariable("CI") == "true";
    static readonly int Orders = IsCI ? 4_000 : 1_000;
    static readonly int Kills = IsCI ? 8 : 4;

    [Fact]
    public async Task Lose_no_order_and_acknowledge_none_before_it_is_handled()
    {
        var result = await Running.SoakAsync(new SoakOptions
        {
            Orders = Orders,
            Kills = Kills,
            Seed = Environment.GetEnvironmentVariable("QSTASH_SOAK_SEED") is { } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : Random.Shared.Next(),
            Limit = TimeSpan.FromMinutes(8),
        }, "soak.md");

        Assert.Empty(result.Verdict.Violations);
        Assert.All(Enum.GetValues<Victim>(), victim => Assert.Equal(Kills / 4, result.Kills[victim]));
        Assert.All(result.Hits, fault => Assert.True(fault.Value > 0, fault.Key));
    }
}

/// <summary>A judge that finds nothing must be one that could.</summary>
public class Services_that_acknowledge_what_they_have_not_handled_and_believe_headers
{
    [Fact]
    public async Task Are_found_out()
    {
        var result = await Running.SoakAsync(new SoakOptions { Orders = 500, Kills = 0, Seed = 1, Limit = TimeSpan.FromMinutes(4), Broken = 30 }, "broken.md");

        Assert.Contains(result.Verdict.Violations, violation => violation.EndsWith("billing has neither handled it nor is it in the dead letter queue", StringComparison.Ordinal));
        Assert.Contains(result.Verdict.Violations, violation => violation.StartsWith("billing acknowledged", StringComparison.Ordinal));
        Assert.Contains(result.Verdict.Violations, violation => violation.StartsWith("QStash holds", StringComparison.Ordinal));
        Assert.Contains(result.Verdict.Violations, violation => violation.EndsWith("times in spite of the durable inbox", StringComparison.Ordinal));
    }
}
