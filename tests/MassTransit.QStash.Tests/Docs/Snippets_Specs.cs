namespace MassTransit.QStash.Tests.Docs;

public class The_documentation
{
    // Beside this one: what a test project of a user has.
    static readonly string[] Compiled = [.. new[] { "MassTransit.QStash.Tests", "MassTransit.QStash.Testing.Tests" }
        .Select(project => Path.Combine(Repository.Root, "tests", project, "Docs", "Snippets"))];

    public static TheoryData<string> Pages() => new(Repository.Pages);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Shows_only_code_that_compiles(string page)
    {
        var compiled = Normalize(Compiled.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs")).SelectMany(File.ReadAllLines));

        foreach (var snippet in CSharpBlocks(File.ReadAllLines(Path.Combine(Repository.Root, page))))
            Assert.Contains(Normalize(snippet), compiled, StringComparison.Ordinal);
    }

    [Fact]
    public void Ticks_off_no_feature_without_a_test()
    {
        var page = Repository.Read("docs/features.md");

        TestReference.AssertExist(TestReference.In(page));

        // The first column after the name is ours: a tick there that leads nowhere would be a mere claim.
        Assert.All(page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)), line => Assert.NotEqual("✓", line.Split('|')[2].Trim()));
    }

    static IEnumerable<string[]> CSharpBlocks(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() == "```csharp")
                yield return lines.Skip(i + 1).TakeWhile(line => line.Trim() != "```").ToArray();
        }
    }

    // Aside are indentation, blank lines, and what stands above the code of a file, or around it.
    static string Normalize(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim())
        .Where(line => line.Length > 0 && !(line.StartsWith("using ", StringComparison.Ordinal) && char.IsUpper(line[6]))
            && !line.StartsWith("namespace ", StringComparison.Ordinal)));
}
