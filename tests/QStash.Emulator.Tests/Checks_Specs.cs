using System.Reflection;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests;

/// <summary>docs/qstash-checks.md lists what an emulator has to do.</summary>
public class Proving_the_contract
{
    [Fact]
    public void Takes_a_test_for_every_check()
    {
        var proven = typeof(Proving_the_contract).Assembly.GetTypes()
            .Where(type => !type.IsAbstract)
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null })
            .SelectMany(method => method.GetCustomAttributes<CheckAttribute>())
            .SelectMany(check => check.Numbers)
            .ToHashSet();
        Assert.Empty(Enumerable.Range(1, 166).Except(proven));
        Assert.Empty(proven.Except(Enumerable.Range(1, 166)));
    }
}
