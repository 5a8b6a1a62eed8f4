using System.Text.RegularExpressions;

namespace MassTransit.QStash.Tests.Docs;

/// <summary>
/// docs/safety.md: every pattern, anti-pattern, sharp edge and validation, where it is enforced, and the proof.
/// </summary>
public sealed partial class The_table_of_safety_rules
{
    static readonly Dictionary<string, string[]> Rows = Repository.Read("docs/safety.md").Split('\n')
        .Where(line => RuleId().IsMatch(line))
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[0]);

    static readonly Lazy<string> Code = new(() => string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)));

    public static TheoryData<string> Rules() =>
    [
        .. Enumerable.Range(1, 5).Select(n => $"AP{n}"),
        .. Enumerable.Range(1, 6).Select(n => $"P{n}"),
        .. Enumerable.Range(1, 10).Select(n => $"S{n}"),
        .. Enumerable.Range(1, 15).Select(n => $"V{n}"),
    ];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Names_for_each_rule_tests_that_exist(string rule) => TestReference.AssertExist(TestReference.In(Rows[rule][3]));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Names_for_each_rule_code_that_exists(string rule)
    {
        var names = Name().Matches(Rows[rule][2]).Select(match => match.Groups[1].Value);

        Assert.All(names, name => Assert.Matches($@"\b{name}\b", Code.Value));
    }

    [GeneratedRegex(@"^\| (AP|P|S|V)\d+ \|")]
    private static partial Regex RuleId();

    // The first word of what is in backticks.
    [GeneratedRegex(@"`(\w+)[^`]*`")]
    private static partial Regex Name();
}
