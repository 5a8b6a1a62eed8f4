using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MassTransit.QStash.Tests.Compliance;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public sealed class On_the_emulator : ComplianceTests
{
    internal override async Task<IQStashUnderTest> ConnectAsync() => new EmulatorUnderTest(await Cloud.StartAsync());
}

public sealed class A_guess_on_the_emulator : GuessTests
{
    internal override async Task<IQStashUnderTest> ConnectAsync() => new EmulatorUnderTest(await Cloud.StartAsync());
}

/// <summary>The same against Upstash. What is not as guessed fails, and eng/compliance tells.</summary>
public sealed class A_guess_on_a_real_QStash : GuessTests
{
    internal override Task<IQStashUnderTest> ConnectAsync()
    {
        Assert.SkipUnless(RealQStashSettings.Current is not null, RealQStashSettings.Reason);

        return Task.FromResult<IQStashUnderTest>(new RealQStashUnderTest(RealQStashSettings.Current));
    }
}

/// <summary>docs/qstash-contract.md says which guesses the tests cover.</summary>
public sealed partial class The_guesses_about_QStash
{
    [Fact]
    public void Are_covered_as_the_page_says()
    {
        var covered = typeof(ComplianceTests).GetMethods().Concat(typeof(GuessTests).GetMethods())
            .SelectMany(method => method.GetCustomAttributes<GuessAttribute>()).SelectMany(guess => guess.Ids)
            .Concat(GuessTests.Calls.SelectMany(row => row.Traits![GuessAttribute.Trait]))
            .ToHashSet();
        var line = Repository.Read("docs/qstash-contract.md").Split('\n').Single(line => line.StartsWith("The compliance suite tests ", StringComparison.Ordinal));

        Assert.Subset(ComplianceReport.Guesses.Keys.ToHashSet(), covered);
        Assert.Equal(covered.OrderBy(id => int.Parse(id[1..], CultureInfo.InvariantCulture)), Id().Matches(line).Select(match => match.Value));
    }

    [GeneratedRegex("G[0-9]+(?=\\])")]
    private static partial Regex Id();
}

/// <summary>
/// The same against Upstash; see CONTRIBUTING.md. There is one address, so these run one after the other.
/// </summary>
public sealed class On_a_real_QStash : ComplianceTests
{
    internal override Task<IQStashUnderTest> ConnectAsync()
    {
        Assert.SkipUnless(RealQStashSettings.Current is not null, RealQStashSettings.Reason);

        return Task.FromResult<IQStashUnderTest>(new RealQStashUnderTest(RealQStashSettings.Current));
    }
}
