using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace MassTransit.QStash.Analyzers.Tests;

public partial class The_help_link_of_a_rule
{
    public static TheoryData<string, string, string> Links { get; } = new(Rules().Select(rule => (rule.Id, rule.HelpLinkUri, rule.Title.ToString(CultureInfo.InvariantCulture))));

    [Theory]
    [MemberData(nameof(Links))]
    public void Leads_to_a_section_that_says_what_it_stands_for(string id, string link, string title)
    {
        Assert.EndsWith("docs/analyzers.md#" + id.ToLowerInvariant(), link, StringComparison.Ordinal);
        var section = Assert.Contains(link.Split('#')[1], Sections());
        Assert.StartsWith($"**{title}**", section, StringComparison.Ordinal);
        Assert.Matches(@"^\*\*.*\*\* \((AP|S|V)\d+", section);
    }

    [Fact]
    public void Is_there_for_each_section() => Assert.Equal(Links.Count, Sections().Count);

    static IEnumerable<DiagnosticDescriptor> Rules() => typeof(SecretAnalyzer).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
        .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
        .DistinctBy(rule => rule.Id);

    /// <summary>The sections of the page by the anchors their headings get: lower case, blanks as dashes.</summary>
    static Dictionary<string, string> Sections() => Heading().Split(File.ReadAllText(Page()))
        .Skip(1)
        .Chunk(2)
        .ToDictionary(section => section[0].Trim().ToLowerInvariant().Replace(' ', '-'), section => section[1].Trim());

    [GeneratedRegex("^## (.*)$", RegexOptions.Multiline)]
    internal static partial Regex Heading();

    static string Page()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MassTransit.QStash.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException($"No MassTransit.QStash.sln above {AppContext.BaseDirectory}.");

        return Path.Combine(directory.FullName, "docs", "analyzers.md");
    }
}
