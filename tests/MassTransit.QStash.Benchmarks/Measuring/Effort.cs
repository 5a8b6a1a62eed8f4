namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>How much work a run is.</summary>
/// <param name="Scale">1 for the full run, less for a quick one: factor of the number of operations.</param>
/// <param name="Rounds">How many rounds count.</param>
sealed record Effort(double Scale, int Rounds)
{
    public static readonly Effort Full = new(1, 9);
    public static readonly Effort Quick = new(0.1, 3);

    public int Of(int operations) => Math.Max(1, (int)(operations * Scale));
}
