using System.Text.RegularExpressions;

namespace MassTransit.QStash.Tests.Architecture;

/// <summary>
/// What the sources keep to that no compiler sees.
/// </summary>
public sealed partial class The_sources
{
    const int LongestLine = 140;

    [Fact]
    public void Have_lines_that_can_be_read_side_by_side() =>
        Assert.Empty(Lines().Where(line => line.Text.Length > LongestLine).Select(line => $"{line.Place}: {line.Text.Length} characters"));

    [Fact]
    public void Cite_nothing_that_a_reader_cannot_open() =>
        Assert.Empty(Lines().Where(line => Citation().IsMatch(line.Text)).Select(line => $"{line.Place}: {line.Text.Trim()}"));

    static IEnumerable<(string Place, string Text)> Lines() =>
        from folder in (string[])["src", "samples"]
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
        where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
        from line in File.ReadLines(file).Select((text, index) => (Place: $"{path}({index + 1})", Text: text))
        select line;

    // Sections of documents that are not here, and bare ids of rules. docs/safety.md lists the ids, and logs may show them.
    [GeneratedRegex(@"(contract|sharp edge|neighbours)( section)? \d|//.*\((AP|P|S|V)\d+\b")]
    private static partial Regex Citation();
}
