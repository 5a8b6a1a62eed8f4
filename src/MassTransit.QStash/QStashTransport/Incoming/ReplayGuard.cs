using System.Collections.Concurrent;
using MassTransit.QStashTransport.Wire;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Accepts the token of a delivery once. QStash signs each attempt anew, so only a copy of a request is refused.
/// </summary>
/// <remarks>
/// A token is recorded before its message is handled, because two copies at the same time must not both pass. If that attempt then fails
/// without an answer, the message is not lost: QStash delivers it again with another token.
/// </remarks>
sealed partial class ReplayGuard(IDistributedCache cache, TimeProvider timeProvider, TimeSpan clockTolerance, ILogger<ReplayGuard> logger)
{
    // The life of QStash's tokens.
    static readonly TimeSpan UsualLifetime = TimeSpan.FromMinutes(5);

    // The cache has no "add if absent". So between its answer that a token is new and the new entry, this process refuses the same token
    // here.
    readonly ConcurrentDictionary<string, bool> _entering = new(StringComparer.Ordinal);

    readonly RefusalLog _refusals = new(logger, timeProvider);

    /// <summary>Whether entries are shared with other processes. If not, each process detects only its own replays.</summary>
    public bool IsShared => cache is not MemoryDistributedCache;

    /// <summary>The outcome with which to refuse a delivery; null if its token is new.</summary>
    public async Task<DeliveryOutcome?> Refuse(QStashTokenIdentity token, Uri inputAddress, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token.Id))
        {
            if (_refusals.Admits("a token without id"))
                WithoutId(logger, inputAddress);

            return DeliveryOutcome.NotVerified;
        }

        var key = SpentToken.Key(token.Id);
        if (!_entering.TryAdd(key, true))
            return Replayed(inputAddress);

        try
        {
            if (await cache.GetAsync(key, cancellationToken).ConfigureAwait(false) is not null)
                return Replayed(inputAddress);

            // Given as a duration, because the cache uses its own clock. The clock of this process may be ahead, by the life of a token and
            // the tolerance. That of another replica may be behind by the tolerance, and then it accepts the token for longer.
            var lifetime = token.ExpiresAt - timeProvider.GetUtcNow() + UsualLifetime + (3 * clockTolerance);
            await cache.SetAsync(key, SpentToken.Value,
                new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime + TimeSpan.FromSeconds(1) },
                    cancellationToken)
                .ConfigureAwait(false);

            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            CacheFailed(logger, exception, inputAddress);

            return DeliveryOutcome.NotReady;
        }
        finally
        {
            _entering.TryRemove(key, out _);
        }
    }

    DeliveryOutcome Replayed(Uri inputAddress)
    {
        if (_refusals.Admits("a token that came before"))
            CameBefore(logger, inputAddress);

        return DeliveryOutcome.NotVerified;
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused a delivery to {InputAddress}: its token came before. Somebody replays deliveries, or "
        + "a proxy repeats requests")]
    static partial void CameBefore(ILogger logger, Uri inputAddress);

    [LoggerMessage(2, LogLevel.Warning, "Refused a delivery to {InputAddress}: its token has no id, so a replay could not be detected")]
    static partial void WithoutId(ILogger logger, Uri inputAddress);

    [LoggerMessage(3, LogLevel.Error, "Deferred a delivery to {InputAddress}: the cache of the replay guard failed. QStash tries again")]
    static partial void CacheFailed(ILogger logger, Exception exception, Uri inputAddress);
}
