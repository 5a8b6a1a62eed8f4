namespace QStash.Client;

/// <summary>The messages of the day are used up; the next day starts at 00:00 UTC.</summary>
public sealed class QStashDailyLimitException : QStashRateLimitException
{
    internal QStashDailyLimitException(string message, string? error, RateLimit limit) : base(message, error, limit)
    {
    }
}
