using System.Text.RegularExpressions;

namespace MassTransit.QStash.Tests.Docs;

/// <summary>What pages and comments point at is there.</summary>
public sealed partial class A_citation
{
    static readonly string[] Folders = ["src", "tests", "samples"];

    public static TheoryData<string> Pages() => new(Repository.Pages);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Of_a_page_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;

        var dead = Link().Matches(WithoutCode(Repository.Read(page)))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !Exists(target.StartsWith('#') ? Path.Combine(Repository.Root, page) + target : Path.Combine(folder, target)));

        Assert.Empty(dead);
    }

    [Fact]
    public void Of_the_code_leads_to_a_page()
    {
        var citations = Code()
            .SelectMany(file => Citation().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetRelativePath(Repository.Root, file), Target: match.Value)))
            .ToArray();

        Assert.NotEmpty(citations);
        Assert.All(citations, citation => Assert.True(Exists(Path.Combine(Repository.Root, citation.Target)), $"{citation.File} cites {citation.Target}, which is not there."));
    }

    // Whoever has the package has no pages beside it.
    [Fact]
    public void In_what_IntelliSense_shows_is_none()
    {
        var shown = Code()
            .Where(file => Library().IsMatch(file))
            .SelectMany(file => File.ReadLines(file).Where(line => line.TrimStart().StartsWith("///", StringComparison.Ordinal)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"));

        Assert.DoesNotContain(shown, line => line.Contains("docs/", StringComparison.Ordinal) || Outside().IsMatch(line));
    }

    [Fact]
    public void Of_a_document_that_is_not_here_is_nowhere()
    {
        var lines = Code().SelectMany(file => File.ReadLines(file).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"));

        Assert.DoesNotContain(lines, line => line.Contains("//", StringComparison.Ordinal) && Outside().IsMatch(line));
    }

    static IEnumerable<string> Code() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !Generated().IsMatch(file));

    static bool Exists(string target)
    {
        var parts = target.Split('#');

        if (parts is not [var page, var anchor])
            return File.Exists(parts[0]) || Directory.Exists(parts[0]);

        // Links to a line of a file of code.
        return File.Exists(page) && (!page.EndsWith(".md", StringComparison.Ordinal) || Anchors(File.ReadAllText(page)).Contains(anchor));
    }

    // As GitHub makes them of headings; what repeats gets a number.
    static HashSet<string> Anchors(string page)
    {
        var anchors = new HashSet<string>(Anchor().Matches(page).Select(match => match.Groups["id"].Value));

        foreach (var heading in Heading().Matches(WithoutCode(page)).Select(match => match.Groups["text"].Value))
        {
            var slug = NotInSlug().Replace(LinkText().Replace(heading, "$1").Trim().ToLowerInvariant(), "").Replace(' ', '-');

            for (var n = 1; !anchors.Add(n == 1 ? slug : $"{slug}-{n - 1}"); n++)
            {
            }
        }

        return anchors;
    }

    static string WithoutCode(string page) => CodeBlock().Replace(page, "");

    [GeneratedRegex("""\]\((?<target>[^)\s]+)(?: "[^"]*")?\)""")]
    private static partial Regex Link();

    [GeneratedRegex("""\bdocs/[\w./-]+\.md(#[\w-]+)?""")]
    private static partial Regex Citation();

    [GeneratedRegex("""<a id="(?<id>[\w-]+)"></a>""")]
    private static partial Regex Anchor();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInSlug();

    [GeneratedRegex(@"^(\s*)```.*?^\s*```\s*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[/\\]src[/\\](?!MassTransit\.QStash\.(Analyzers|CodeFixes)[/\\])")]
    private static partial Regex Library();

    // As comments once cited what its authors alone had.
    [GeneratedRegex(@"\b(contract (section )?\d|sharp edges? \d|neighbours\.md)")]
    private static partial Regex Outside();

    [GeneratedRegex(@"[/\\](bin|obj|node_modules)[/\\]")]
    private static partial Regex Generated();
}
