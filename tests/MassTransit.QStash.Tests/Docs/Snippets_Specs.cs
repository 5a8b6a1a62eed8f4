using System.Text.RegularExpressions;

namespace MassTransit.QStash.Tests.Docs;

public partial class The_documentation
{
    static readonly string Root = RepositoryRoot();
    static readonly string Compiled = Path.Combine(Root, "tests", "MassTransit.QStash.Tests", "Docs", "Snippets");

    public static TheoryData<string> Pages() => new(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Prepend(Path.Combine(Root, "README.md"))
        .Select(path => Path.GetRelativePath(Root, path)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Shows_only_code_that_compiles(string page)
    {
        var compiled = Normalize(Directory.EnumerateFiles(Compiled, "*.cs").SelectMany(File.ReadAllLines));

        foreach (var snippet in CSharpBlocks(File.ReadAllLines(Path.Combine(Root, page))))
            Assert.Contains(Normalize(snippet), compiled, StringComparison.Ordinal);
    }

    [Fact]
    public void Ticks_off_no_feature_without_a_test()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "features.md"));
        var ticks = Tick().Matches(page);

        Assert.NotEmpty(ticks);
        Assert.All(ticks, tick => Assert.Contains($" {tick.Groups["test"].Value}(", File.ReadAllText(Path.Combine(Root, "docs", tick.Groups["file"].Value)), StringComparison.Ordinal));

        // The first column after the name is ours: a tick there that leads nowhere would be a mere claim.
        Assert.All(page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)), line => Assert.NotEqual("✓", line.Split('|')[2].Trim()));
    }

    [GeneratedRegex("""\[✓\]\((?<file>[^) ]+) "(?<test>\w+)"\)""")]
    private static partial Regex Tick();

    static IEnumerable<string[]> CSharpBlocks(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() == "```csharp")
                yield return lines.Skip(i + 1).TakeWhile(line => line.Trim() != "```").ToArray();
        }
    }

    // Indentation and blank lines aside.
    static string Normalize(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));

    // Not from [CallerFilePath]: a deterministic build maps that to a path that does not exist.
    static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MassTransit.QStash.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException($"No MassTransit.QStash.sln above {AppContext.BaseDirectory}.");

        return directory.FullName;
    }
}
