using System.Globalization;

namespace QStash.Emulator.Grammar;

// docs/qstash-contract.md#flow-control-value
/// <summary>
/// Limits of a flow control key: <c>parallelism=5, rate=10, period=1m</c>, in any case and order. The period may be left
/// out.
/// </summary>
/// <param name="Parallelism">How many attempts may be open; null is no limit.</param>
/// <param name="Rate">How many attempts may begin in a period; null is no limit.</param>
/// <param name="Period">Milliseconds, whole seconds.</param>
sealed record FlowControlLimits(int? Parallelism, int? Rate, long Period)
{
    /// <summary>One second, in milliseconds; it is shown even if there is no rate.</summary>
    public const long DefaultPeriod = 1000;

    /// <summary>A week, in milliseconds.</summary>
    public const long LongestPeriod = 7 * 86_400_000L;

    /// <param name="text">The value of <c>Upstash-Flow-Control-Value</c>.</param>
    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static FlowControlLimits Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !values.TryAdd(item[..equals].TrimEnd(), item[(equals + 1)..].TrimStart()))
                throw new FormatException(
                    $"'{item}' is not one of parallelism=<number>, rate=<number> and period=<duration>, each given once");
        }

        var limits = new FlowControlLimits(
            values.Remove("parallelism", out var parallelism) ? Count("parallelism", parallelism) : null,
            values.Remove("rate", out var rate) ? Count("rate", rate) : null,
            values.Remove("period", out var period)
                ? WholeSeconds(PublishDuration.TryParse(period, out var length) ? length : TimeSpan.Zero)
                : DefaultPeriod);
        if (values.Count > 0)
            throw new FormatException($"'{values.Keys.First()}' is none of parallelism, rate and period");

        return limits is { Parallelism: null, Rate: null } ? throw new FormatException("it needs parallelism, rate or both") : limits;
    }

    static int Count(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{name} must be a whole number from 1");

    static long WholeSeconds(TimeSpan period)
    {
        var milliseconds = (long)period.TotalMilliseconds;
        return milliseconds is >= 1000 and <= LongestPeriod && milliseconds % 1000 == 0
            ? milliseconds
            : throw new FormatException("period must be whole seconds from 1s to 7d, such as 10s or 1h30m");
    }
}
