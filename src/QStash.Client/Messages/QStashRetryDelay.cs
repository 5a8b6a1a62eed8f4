using System.Globalization;

namespace QStash.Client;

/// <summary>
/// Common waits between attempts, as the expressions QStash takes for <see cref="QStashDeliverySettings.RetryDelay"/>. QStash
/// waits a day at most.
/// </summary>
public static class QStashRetryDelay
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The same wait each time.</summary>
    /// <param name="interval">In whole milliseconds, up to a day.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or longer than a day.</exception>
    public static string Interval(TimeSpan interval) => Milliseconds(interval, nameof(interval));

    /// <summary>A wait that grows by the same step each time.</summary>
    /// <param name="initial">Before the first retry, in whole milliseconds.</param>
    /// <param name="increment">The step, in whole milliseconds.</param>
    /// <param name="max">The longest wait. Default: a day.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or longer than a day.</exception>
    public static string Incremental(TimeSpan initial, TimeSpan increment, TimeSpan? max = null) =>
        AtMost(max, $"{Milliseconds(initial, nameof(initial))} + {Milliseconds(increment, nameof(increment))} * retried");

    /// <summary>A wait that is multiplied each time.</summary>
    /// <param name="initial">Before the first retry, in whole milliseconds.</param>
    /// <param name="max">The longest wait. Default: a day.</param>
    /// <param name="factor">The multiplier, from 1 to 100. Default 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A wait is negative or longer than a day, or the factor is out of range.</exception>
    public static string Exponential(TimeSpan initial, TimeSpan? max = null, double factor = 2)
    {
        if (!(factor is >= 1 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be from 1 to 100.");

        return AtMost(max, $"{Milliseconds(initial, nameof(initial))} * pow({factor.ToString("0.######", CultureInfo.InvariantCulture)}, retried)");
    }

    static string AtMost(TimeSpan? max, string expression) => $"min({Milliseconds(max ?? Longest, nameof(max))}, {expression})";

    static string Milliseconds(TimeSpan value, string parameter) => value < TimeSpan.Zero || value > Longest
        ? throw new ArgumentOutOfRangeException(parameter, value, "The wait must be from zero to one day.")
        : Math.Round(value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
