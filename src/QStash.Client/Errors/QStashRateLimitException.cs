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

    /// <summary>Calls or messages allowed per window; <see langword="null"/> when QStash did not say.</summary>
    public long? Limit { get; }

    /// <summary>The rest of <see cref="Limit"/>; <see langword="null"/> when QStash did not say.</summary>
    public long? Remaining { get; }

    /// <summary>When the window ends and calls are accepted again; <see langword="null"/> when QStash did not say.</summary>
    public DateTimeOffset? ResetAt { get; }
}
