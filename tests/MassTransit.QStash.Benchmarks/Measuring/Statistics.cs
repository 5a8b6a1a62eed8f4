namespace MassTransit.QStash.Benchmarks.Measuring;

static class Statistics
{
    public static double Median(this IEnumerable<double> values) => values.Percentile(0.5);

    public static double Percentile(this IEnumerable<double> values, double fraction)
    {
        var sorted = values.Order().ToArray();

        return sorted[Math.Min(sorted.Length - 1, (int)(fraction * sorted.Length))];
    }
}
