using System.ComponentModel;
using System.Globalization;

namespace QStash.Client;

/// <summary>
/// How long QStash waits before each retry, at most one day. In a configuration it is the text of an expression, see
/// <see cref="Expression"/>.
/// </summary>
[TypeConverter(typeof(QStashRetryDelayConverter))]
public sealed record QStashRetryDelay
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    readonly string _expression;

    QStashRetryDelay(string expression) => _expression = expression;

    /// <summary>The same delay before each retry.</summary>
    /// <param name="interval">The delay, in whole milliseconds, up to one day.</param>
    /// <exception cref="ArgumentOutOfRangeException">The wait is negative or longer than a day.</exception>
    public static QStashRetryDelay Fixed(TimeSpan interval) => new(Milliseconds(interval, nameof(interval)));

    /// <summary>A delay that grows by the same step each time.</summary>
    /// <param name="initial">Before the first retry, in whole milliseconds.</param>
    /// <param name="increment">The step, in whole milliseconds.</param>
    /// <param name="max">The longest wait. Default: a day.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or longer than a day.</exception>
    public static QStashRetryDelay Incremental(TimeSpan initial, TimeSpan increment, TimeSpan? max = null) =>
        AtMost(max, $"{Milliseconds(initial, nameof(initial))} + {Milliseconds(increment, nameof(increment))} * retried");

    /// <summary>A delay that is multiplied each time.</summary>
    /// <param name="initial">Before the first retry, in whole milliseconds.</param>
    /// <param name="max">The longest wait. Default: a day.</param>
    /// <param name="factor">The multiplier, from 1 to 100. Default 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A wait is negative or longer than a day, or the factor is out of range.</exception>
    public static QStashRetryDelay Exponential(TimeSpan initial, TimeSpan? max = null, double factor = 2)
    {
        if (!(factor is >= 1 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be from 1 to 100.");

        return AtMost(max,
            $"{Milliseconds(initial, nameof(initial))} * pow({factor.ToString("0.######", CultureInfo.InvariantCulture)}, retried)");
    }

    /// <summary>A delay that an expression computes. QStash checks the expression when it gets a message.</summary>
    /// <param name="expression">
    /// Computes milliseconds from <c>retried</c>, which is 0 before the first retry, with numbers, <c>+ - * / %</c>, parentheses and the
    /// functions <c>pow</c>, <c>sqrt</c>, <c>abs</c>, <c>exp</c>, <c>floor</c>, <c>ceil</c>, <c>round</c>, <c>min</c> and <c>max</c>; for
    /// example <c>1000 * (1 + retried)</c>.
    /// </param>
    /// <exception cref="ArgumentException">The text is blank, or not printable ASCII.</exception>
    public static QStashRetryDelay Expression(string expression)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(expression);

        return new QStashRetryDelay(Grammar.HeaderValue(expression, "RetryDelay", nameof(expression)));
    }

    /// <summary>The expression that QStash gets.</summary>
    public override string ToString() => _expression;

    static QStashRetryDelay AtMost(TimeSpan? max, string expression) =>
        new($"min({Milliseconds(max ?? Longest, nameof(max))}, {expression})");

    static string Milliseconds(TimeSpan value, string parameter) => value < TimeSpan.Zero || value > Longest
        ? throw new ArgumentOutOfRangeException(parameter, value, "The wait must be from zero to one day.")
        : Math.Round(value.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
