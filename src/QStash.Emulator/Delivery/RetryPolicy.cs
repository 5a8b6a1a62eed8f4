using System.Globalization;
using QStash.Emulator.Grammar;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#what-an-answer-means
/// <summary>Whether a failed attempt is followed by another one, and when.</summary>
static class RetryPolicy
{
    const long DayMs = 86_400_000;
    const int NonRetryableStatus = 489;
    const string NonRetryableHeader = "Upstash-NonRetryable-Error";

    // The first that an answer has counts: docs/qstash-contract.md#g44
    static readonly string[] DelayHeaders =
        ["Retry-After", "X-Ratelimit-Reset", "X-Ratelimit-Reset-Requests", "X-Ratelimit-Reset-Tokens"];

    /// <summary>Status and header together end a message. Either alone does not.</summary>
    public static bool IsNonRetryable(AttemptResult result) => result.Status == NonRetryableStatus && HasHeader(result);

    /// <summary>Whether an answer has the status or the header alone. That is most likely a mistake.</summary>
    public static bool IsHalfNonRetryable(AttemptResult result) =>
        !result.IsSuccess && (result.Status == NonRetryableStatus) != HasHeader(result);

    /// <summary>Milliseconds until the next attempt.</summary>
    public static long Delay(MessageSpec spec, int retried, AttemptResult result, DateTimeOffset now)
    {
        foreach (var name in DelayHeaders)
        {
            if (result.Headers.TryGetValue(name, out var values) && Parse(values[0], now) is { } delay && delay <= DayMs)
                return Math.Max(0, (long)Math.Ceiling(delay));
        }

        return spec.RetryDelay is { } expression ? expression.Evaluate(retried) : DefaultDelay(retried + 1);
    }

    /// <summary>e^(2.5n) seconds, at most a day, before the n-th retry.</summary>
    static long DefaultDelay(int retry) => (long)Math.Min(DayMs, Math.Exp(2.5 * retry) * 1000);

    static bool HasHeader(AttemptResult result) =>
        result.Headers.TryGetValue(HeaderName.Canonical(NonRetryableHeader), out var values)
        && values[0].Equals("true", StringComparison.OrdinalIgnoreCase);

    static double? Parse(string value, DateTimeOffset now)
    {
        value = value.Trim();
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return seconds * 1000.0;

        if (HttpDate.TryParse(value, out var date))
            return (date - now).TotalMilliseconds;

        return GoDuration.TryParseMilliseconds(value, out var milliseconds) ? milliseconds : null;
    }
}
