namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>
/// One line of the table: our figure, the peer's, measured in the same rounds, and what their ratio should be.
/// </summary>
/// <param name="Row">The number of the row in the goals.</param>
/// <param name="Work">What was done.</param>
/// <param name="Peer">What it is compared with.</param>
/// <param name="Unit">The unit of both figures.</param>
/// <param name="Ours">Our figure: the median of the rounds.</param>
/// <param name="Theirs">The peer's.</param>
/// <param name="Ratio">Ours by theirs: the median of the ratios within each round. Null where theirs is nothing.</param>
/// <param name="Low">A quarter of the rounds had a smaller ratio.</param>
/// <param name="High">A quarter of the rounds had a larger ratio.</param>
/// <param name="Goal">What to reach, in words; null where the figures are only shown.</param>
/// <param name="Reached">Whether it was reached, or null without a goal.</param>
sealed record Comparison(int Row, string Work, string Peer, string Unit, double Ours, double Theirs, double? Ratio, double? Low, double? High,
    string? Goal, bool? Reached)
{
    /// <summary>Compares two figures that were taken in the same rounds.</summary>
    public static Comparison Of<T>(int row, string work, string peer, string unit, T[] ours, T[] theirs, Func<T, double> figure, Goal? goal = null) =>
        Of(row, work, peer, unit, [.. ours.Select(figure)], [.. theirs.Select(figure)], goal);

    /// <inheritdoc cref="Of{T}(int, string, string, string, T[], T[], Func{T, double}, Measuring.Goal?)"/>
    public static Comparison Of(int row, string work, string peer, string unit, double[] ours, double[] theirs, Goal? goal = null)
    {
        double[] ratios = theirs.All(figure => figure > 0) ? [.. ours.Zip(theirs, (our, their) => our / their)] : [];
        double? Part(double fraction) => ratios is [] ? null : ratios.Percentile(fraction);

        var figure = goal is { IsForRatio: false } ? ours.Median() : Part(0.5);

        return new Comparison(row, work, peer, unit, ours.Median(), theirs.Median(), Part(0.5), Part(0.25), Part(0.75), goal?.ToString(),
            goal is null || figure is null ? null : goal.IsReached(figure.Value));
    }
}
