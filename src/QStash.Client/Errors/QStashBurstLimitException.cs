namespace QStash.Client;

/// <summary>Too many calls within a second. Publishing is exempt; all other endpoints have the limit.</summary>
public sealed class QStashBurstLimitException : QStashRateLimitException
{
    internal QStashBurstLimitException(string message, string? error, RateLimit limit) : base(message, error, limit)
    {
    }
}
