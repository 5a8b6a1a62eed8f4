using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace MassTransit.QStash.Tests.Compliance;

/// <summary>
/// What is known of the guesses about a QStash, written anew after each test: docs/qstash-contract.md says what the ids mean.
/// </summary>
/// <param name="name">Which QStash it is, as the name of the file.</param>
sealed partial class ComplianceReport(string name)
{
    readonly Lock _lock = new();
    readonly List<(string Test, string[] Guesses, string Outcome, string Seen)> _results = [];
    readonly SortedSet<string> _protocols = new(StringComparer.Ordinal);

    public static ComplianceReport OfEmulator { get; } = new("emulator");

    public static ComplianceReport OfService { get; } = new("service");

    /// <summary>What each guess is about, by its id.</summary>
    public static IReadOnlyDictionary<string, string> Guesses { get; } = Guess().Matches(Repository.Read("docs/qstash-contract.md"))
        .ToDictionary(match => match.Groups["id"].Value, match => match.Groups["about"].Value);

    string FilePath => Path.Combine(AppContext.BaseDirectory, "compliance", $"{name}.md");

    /// <summary>Notes the version of HTTP that an answer came with.</summary>
    public void Answered(Version version)
    {
        lock (_lock)
            _protocols.Add($"HTTP/{version}");
    }

    /// <summary>Notes the outcome of the running test, which has ended.</summary>
    public void Add(Uri url)
    {
        if (TestContext.Current is not { Test: { } test, TestState: { Result: TestResult.Passed or TestResult.Failed } state }
            || !test.Traits.TryGetValue(GuessAttribute.Trait, out var guesses))
            return;

        var outcome = state.Result == TestResult.Passed ? "confirmed" : state.FailureCause == FailureCause.Assertion ? "refuted" : "unclear";
        var seen = string.Join(' ', state.ExceptionMessages ?? []).ReplaceLineEndings(" ");

        lock (_lock)
        {
            _results.Add((test.TestDisplayName.Split('.')[^1], [.. guesses], outcome, seen));
            Write(url);
        }
    }

    void Write(Uri url)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Guesses about QStash

            {url.GetLeftPart(UriPartial.Authority)}, {DateTimeOffset.UtcNow:yyyy-MM-dd}, {string.Join(" and ", _protocols)}

            | | About | | What was seen |
            |---|---|---|---|

            """);

        var tested = _results.SelectMany(result => result.Guesses.Select(id => (Id: id, result.Outcome, result.Seen))).ToLookup(x => x.Id);

        foreach (var (id, about) in Guesses.OrderBy(guess => int.Parse(guess.Key[1..], CultureInfo.InvariantCulture)))
        {
            // One test that fails counts for more than others that pass.
            var worst = tested[id].OrderBy(x => x.Outcome switch { "refuted" => 0, "unclear" => 1, _ => 2 }).FirstOrDefault();
            if (worst.Id is not null)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {id} | {about} | {worst.Outcome} | {worst.Seen.Replace("|", "\\|", StringComparison.Ordinal)} |");
        }

        var open = Guesses.Keys.Except(tested.Select(x => x.Key)).ToArray();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Not tested: {string.Join(", ", open)}");

        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, text.ToString());
    }

    [GeneratedRegex("""<a id="g\d+"></a>(?<id>G\d+) \| (?<about>[^|]*) \|""")]
    private static partial Regex Guess();
}
