using System.Text.RegularExpressions;

namespace MassTransit.QStash.Tests.Docs;

/// <summary>
/// A test that a page in docs/ names as its proof, as a link to the file with the name of the test as its title:
/// <c>[any text](../tests/Project/File_Specs.cs "Name_of_the_test")</c>.
/// </summary>
sealed partial record TestReference(string Path, string Name)
{
    public static IReadOnlyList<TestReference> In(string markdown) =>
        Link().Matches(markdown).Select(match => new TestReference(match.Groups["path"].Value, match.Groups["name"].Value)).ToArray();

    public static void AssertExist(IReadOnlyList<TestReference> tests)
    {
        Assert.NotEmpty(tests);
        Assert.All(tests, test => Assert.True(test.Exists(), $"{test.Path} has no test {test.Name}."));
    }

    bool Exists()
    {
        var file = System.IO.Path.Combine(Repository.Root, "docs", Path);
        if (!File.Exists(file))
            return false;

        var code = File.ReadAllText(file);
        var method = Regex.Match(code, $@"\bpublic (static )?(async )?\w+ {Name}\(");
        var before = code[..method.Index];

        // The attribute stands between the end of the method before and the name.
        return method.Success && Math.Max(before.LastIndexOf("[Fact", StringComparison.Ordinal), before.LastIndexOf("[Theory", StringComparison.Ordinal))
            > before.LastIndexOf("\n    }\n", StringComparison.Ordinal);
    }

    [GeneratedRegex("""\]\((?<path>[^) ]+\.cs) "(?<name>\w+)"\)""")]
    private static partial Regex Link();
}
