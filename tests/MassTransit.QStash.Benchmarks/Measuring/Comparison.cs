namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>
/// One line of the table: our figure, the peer's, measured in the same run, and what their ratio should be.
/// </summary>
/// <param name="Row">The number of the row in the goals.</param>
/// <param name="Work">What was done.</param>
/// <param name="Peer">What it is compared with.</param>
/// <param name="Ours">Our figure, in <paramref name="Unit"/>.</param>
/// <param name="Theirs">The peer's figure, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit of both.</param>
/// <param name="Goal">What to reach, in words; empty where a figure is only shown.</param>
/// <param name="Reached">Whether it was reached, or null without a goal.</param>
sealed record Comparison(int Row, string Work, string Peer, double Ours, double Theirs, string Unit, string Goal = "", bool? Reached = null)
{
    public double Ratio => Ours / Theirs;
}
