using System.Globalization;
using System.Net.Http.Headers;

namespace QStash.Client;

// Only the headers of a 429 tell its kind. If both limits are reached, the daily one counts.
readonly record struct RateLimit(bool IsDaily, long? Limit, long? Remaining, DateTimeOffset? ResetAt)
{
    const string Daily = "RateLimit-";
    const string Burst = "Burst-RateLimit-";

    // Resets are unix seconds. A smaller number must mean seconds from now.
    const long SmallestTimestamp = 1_000_000_000;

    public static RateLimit Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var isDaily = headers.Contains(Daily + "Limit");
        var prefix = isDaily ? Daily : Burst;

        return new RateLimit(isDaily, Number(headers, prefix + "Limit"), Number(headers, prefix + "Remaining"),
            Reset(Number(headers, prefix + "Reset"), now));
    }

    static long? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values)
            && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    static DateTimeOffset? Reset(long? value, DateTimeOffset now) => value switch
    {
        null or > 253_402_300_799 => null,
        < SmallestTimestamp => now.AddSeconds(value.Value),
        _ => DateTimeOffset.FromUnixTimeSeconds(value.Value)
    };
}
