namespace QStash.Emulator.Grammar;

// docs/qstash-contract.md#retry-delay-expression
/// <summary>
/// The arithmetic of <c>Upstash-Retry-Delay</c>: yields milliseconds from <c>retried</c>, the number of retries already
/// made.
/// </summary>
sealed class RetryDelayExpression
{
    const double DayMs = 86_400_000;

    readonly Func<double, double> _evaluate;

    RetryDelayExpression(string text, Func<double, double> evaluate)
    {
        Text = text;
        _evaluate = evaluate;
    }

    /// <summary>The published text. The API returns it as it was.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">The text is not an expression; the message says where and why.</exception>
    public static RetryDelayExpression Parse(string text) => new(text, new RetryDelayParser(text).Parse());

    /// <summary>Milliseconds until the next attempt, at least 0 and at most a day.</summary>
    public long Evaluate(int retried)
    {
        var value = _evaluate(retried);
        return double.IsNaN(value) ? 0 : (long)Math.Round(Math.Clamp(value, 0, DayMs));
    }
}
