using System.Globalization;
using ScottPlot;

namespace MassTransit.QStash.Benchmarks.Measuring;

/// <summary>
/// Draws the ratios that have a goal, as bars beside 1: as good as the peer.
/// </summary>
static class Plot
{
    const int Width = 1500;
    const int RowHeight = 34;
    const int Frame = 110;

    public static void Save(string path, IReadOnlyCollection<Comparison> comparisons)
    {
        var drawn = comparisons.Where(comparison => comparison is { Reached: not null, Ratio: not null }).Reverse().ToArray();
        using var plot = new ScottPlot.Plot();

        var bars = plot.Add.Bars(drawn.Select((comparison, i) => new Bar
        {
            Position = i,
            Value = comparison.Ratio!.Value,
            Label = string.Create(CultureInfo.InvariantCulture, $"{comparison.Ratio:0.00}, half of the rounds {comparison.Low:0.00}–{comparison.High:0.00}  (goal {comparison.Goal})"),
            FillColor = comparison.Reached == true ? Colors.SeaGreen : Colors.IndianRed,
            Size = 0.6,
        }).ToArray());
        bars.Horizontal = true;
        bars.ValueLabelStyle.FontSize = 12;

        plot.Add.VerticalLine(1, width: 1, color: Colors.Black);
        plot.Axes.Left.SetTicks([.. drawn.Select((_, i) => (double)i)], [.. drawn.Select(comparison => $"{comparison.Row}  {comparison.Work} / {comparison.Peer}")]);
        plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Axes.SetLimitsX(0, Math.Max(2, drawn.Select(comparison => comparison.Ratio!.Value).DefaultIfEmpty().Max()) * 1.35);
        plot.Title("Ours / theirs, in one run");
        plot.SaveSvg(path, Width, Frame + (RowHeight * drawn.Length));
    }
}
