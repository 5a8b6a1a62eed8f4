using System.Net;

namespace QStash.Client;

/// <summary>QStash accepts no more calls for now (429). The call was not carried out.</summary>
public abstract class QStashRateLimitException : QStashException
{
    private protected QStashRateLimitException(string message, string? error, RateLimit limit)
        : base(message, HttpStatusCode.TooManyRequests, error)
    {
        Limit = limit.Limit;
        Remaining = limit.Remaining;
        ResetAt = limit.ResetAt;
    }

    /// <summary>Calls or messages allowed per window, when QStash said so.</summary>
    public long? Limit { get; }

    /// <summary>What is left of <see cref="Limit"/>, when QStash said so.</summary>
    public long? Remaining { get; }

    /// <summary>When the window ends and calls are accepted again, when QStash said so.</summary>
    public DateTimeOffset? ResetAt { get; }
}
