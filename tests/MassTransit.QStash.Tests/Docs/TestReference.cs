using System.Text.RegularExpressions;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs;

/// <summary>
/// A test that a page names as its proof: <c>`File_Specs.cs: Name_of_the_test`</c>, with the project before the file unless it
/// is this one.
/// </summary>
sealed partial record TestReference(string Project, string File, string Name)
{
    public static IReadOnlyList<TestReference> In(string markdown) => Pattern().Matches(markdown)
        .Select(match => new TestReference(
            match.Groups["project"] is { Success: true } project ? project.Value : "MassTransit.QStash.Tests", match.Groups["file"].Value, match.Groups["name"].Value))
        .ToArray();

    /// <summary>Whether the file, anywhere in its project, has a test of that name.</summary>
    public bool Exists() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", Project), File, SearchOption.AllDirectories)
        .Any(path => HasTest(System.IO.File.ReadAllText(path)));

    // The attribute stands between the end of the method before and the name.
    bool HasTest(string code)
    {
        var method = Regex.Match(code, $@"\bpublic (async )?\w+ {Name}\(");
        var before = code[..method.Index];

        return method.Success && Math.Max(before.LastIndexOf("[Fact", StringComparison.Ordinal), before.LastIndexOf("[Theory", StringComparison.Ordinal))
            > before.LastIndexOf("\n    }\n", StringComparison.Ordinal);
    }

    public override string ToString() => $"{Project}/{File}: {Name}";

    [GeneratedRegex(@"`(?:(?<project>[\w.]+)/)?(?<file>\w+_Specs\.cs): (?<name>\w+)`")]
    private static partial Regex Pattern();
}
