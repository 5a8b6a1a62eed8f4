using MassTransit.QStash.Soak.Judging;

namespace MassTransit.QStash.Soak;

/// <summary>What came out of a run.</summary>
/// <param name="Verdict">What the judge says.</param>
/// <param name="Kills">How often each was killed.</param>
/// <param name="Hits">How often each fault was hit, at least.</param>
/// <param name="Duration">How long it took.</param>
sealed record SoakResult(Verdict Verdict, IReadOnlyDictionary<Victim, int> Kills, IReadOnlyDictionary<string, int> Hits, TimeSpan Duration)
{
    /// <summary>How many violations are worth reading.</summary>
    const int MostShown = 20;

    public bool IsClean => Verdict.Violations.Count == 0;

    public void Print(TextWriter output)
    {
        output.WriteLine("| What | How many |");
        output.WriteLine("|---|---|");
        foreach (var (victim, count) in Kills)
            Row($"killed: {victim.ToString().ToLowerInvariant()}", count);

        foreach (var (action, count) in Hits)
            Row($"fault: {action}", count);

        foreach (var (name, value) in Verdict.Figures)
            Row(name, value);

        Row("seconds", (long)Duration.TotalSeconds);
        foreach (var violation in Verdict.Violations.Take(MostShown))
            output.WriteLine("VIOLATION: " + violation);

        if (Verdict.Violations.Count > MostShown)
            output.WriteLine($"and {Verdict.Violations.Count - MostShown} more");

        output.WriteLine(IsClean ? "Nothing was lost." : "SOMETHING WAS LOST.");

        void Row(string name, long value) => output.WriteLine(FormattableString.Invariant($"| {name} | {value:#,0} |"));
    }
}
