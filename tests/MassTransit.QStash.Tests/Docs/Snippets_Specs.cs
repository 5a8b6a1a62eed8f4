using System.Runtime.CompilerServices;

namespace MassTransit.QStash.Tests.Docs;

public class The_documentation
{
    static readonly string Here = Path.GetDirectoryName(SourceFile())!;
    static readonly string Root = Path.GetFullPath(Path.Combine(Here, "..", "..", ".."));

    public static TheoryData<string> Pages() => new(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Prepend(Path.Combine(Root, "README.md"))
        .Select(path => Path.GetRelativePath(Root, path)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Shows_only_code_that_compiles(string page)
    {
        var compiled = Normalize(File.ReadAllLines(Path.Combine(Here, "Snippets.cs")));

        foreach (var snippet in CSharpBlocks(File.ReadAllLines(Path.Combine(Root, page))))
            Assert.Contains(Normalize(snippet), compiled, StringComparison.Ordinal);
    }

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

    static string SourceFile([CallerFilePath] string path = "") => path;
}
