using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace MassTransit.QStash.Analyzers.Tests;

public class The_help_link_of_a_rule
{
    public static TheoryData<string, string, string> Links { get; } =
        new(Rules().Select(rule => (rule.Id, rule.HelpLinkUri, rule.Title.ToString(CultureInfo.InvariantCulture))));

    [Theory]
    [MemberData(nameof(Links))]
    public void Leads_to_a_page_that_says_what_it_stands_for(string id, string link, string title)
    {
        Assert.EndsWith($"docs/analyzers/{id}.md", link, StringComparison.Ordinal);
        var page = File.ReadAllText(Path.Combine(Folder(), id + ".md"));
        Assert.StartsWith($"# {id}\n\n**{title}** (", page, StringComparison.Ordinal);
        Assert.Matches(@"\*\* \((AP|S|V)\d+", page);
        Assert.Contains("**What to do:**", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_there_for_each_page() => Assert.Equal(Links.Count, Directory.GetFiles(Folder()).Length);

    [Fact]
    public void Is_in_the_list_of_all_rules() =>
        Assert.All(Rules(), rule =>
            Assert.Contains($"| [{rule.Id}](analyzers/{rule.Id}.md) | {rule.Title} |", File.ReadAllText(Folder() + ".md"),
                StringComparison.Ordinal));

    static IEnumerable<DiagnosticDescriptor> Rules() => typeof(SecretAnalyzer).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
        .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
        .DistinctBy(rule => rule.Id);

    static string Folder()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MassTransit.QStash.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException($"No MassTransit.QStash.sln above {AppContext.BaseDirectory}.");

        return Path.Combine(directory.FullName, "docs", "analyzers");
    }
}
