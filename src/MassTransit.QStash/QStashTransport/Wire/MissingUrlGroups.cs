using System.Collections.Concurrent;
using System.Net;
using QStash.Client;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Tells whether QStash refused because a URL group does not exist, which it does from the first endpoint that joins it: nobody
/// subscribes, and nothing is wrong. Neither status nor words of that refusal are documented, so where they are not clear QStash is
/// asked for the group.
/// </summary>
sealed class MissingUrlGroups(IQStashUrlGroups urlGroups)
{
    readonly ConcurrentDictionary<Type, bool> _reported = new();
    volatile bool _isKnownToAnswer;

    /// <summary>Whether the words alone say so, as they do today.</summary>
    public static bool IsSaid(string destination, string? error) =>
        error is not null && LegalName.Is(destination)
        && (error.Contains($"topic {destination} not found", StringComparison.OrdinalIgnoreCase)
            || error.Contains($"url group {destination} not found", StringComparison.OrdinalIgnoreCase));

    /// <param name="destination">Where the message was to go: a URL, or a URL group.</param>
    /// <param name="refusal">What QStash answered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> IsMissingAsync(string destination, QStashException refusal, CancellationToken cancellationToken)
    {
        if (!LegalName.Is(destination) || !CanMeanIt(refusal))
            return false;

        if (IsSaid(destination, refusal.Error))
            return true;

        try
        {
            if (await urlGroups.GetAsync(destination, cancellationToken).ConfigureAwait(false) is { Endpoints.Count: > 0 })
                return false;

            // At a wrong address everything is "not found", this group too.
            if (!_isKnownToAnswer)
                await urlGroups.ListAsync(cancellationToken).ConfigureAwait(false);

            return _isKnownToAnswer = true;
        }
        catch (QStashException exception)
        {
            LogContext.Debug?.Log(exception, "QStash does not tell whether the URL group {UrlGroup} exists", destination);

            return false;
        }
    }

    /// <summary>Says, once for each type, that a published message went to nobody.</summary>
    public void Report(Type messageType, IReadOnlyList<string> urlGroups)
    {
        if (_reported.TryAdd(messageType, true))
        {
            LogContext.Info?.Log("Nobody gets {MessageType}: no endpoint is a member of {UrlGroups}. Each message of this type is "
                + "dropped until one joins",
                messageType, string.Join(", ", urlGroups));
        }
    }

    // An item of a batch has an error and no status.
    static bool CanMeanIt(QStashException refusal) =>
        refusal is not (QStashAuthenticationException or QStashRateLimitException or QStashQuotaException or QStashUnreachableException)
        && (refusal.StatusCode is null ? refusal.Error is not null : refusal.StatusCode >= HttpStatusCode.BadRequest);
}
