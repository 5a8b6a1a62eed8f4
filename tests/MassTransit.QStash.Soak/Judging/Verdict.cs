namespace MassTransit.QStash.Soak.Judging;

/// <summary>What the judge says.</summary>
/// <param name="Violations">What must not have happened. Empty when nothing was lost.</param>
/// <param name="Figures">What was counted, in order of appearance.</param>
sealed record Verdict(IReadOnlyList<string> Violations, IReadOnlyList<Figure> Figures);
