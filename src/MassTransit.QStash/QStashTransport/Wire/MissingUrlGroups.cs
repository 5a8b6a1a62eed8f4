using System.Collections.Concurrent;
using System.Net;
using QStash.Client;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Tells whether QStash refused a message because a URL group does not exist. A group exists from its first member on, so a missing group
/// has no subscribers, which is not an error. QStash documents neither the status nor the text of this refusal, so in doubt it is asked for
/// the group.
/// </summary>
sealed class MissingUrlGroups(IQStashUrlGroups urlGroups)
{
    readonly ConcurrentDictionary<Type, bool> _reported = new();
    volatile bool _isKnownToAnswer;

    /// <summary>Whether the text of the error alone says so, as it does today.</summary>
    public static bool IsSaid(string destination, string? error) =>
        error is not null && LegalName.Is(destination)
        && (error.Contains($"topic {destination} not found", StringComparison.OrdinalIgnoreCase)
            || error.Contains($"url group {destination} not found", StringComparison.OrdinalIgnoreCase));

    /// <param name="destination">The destination of the message: a URL or a URL group.</param>
    /// <param name="refusal">QStash's answer.</param>
    /// <param name="cancellationToken">Cancels the call to QStash.</param>
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

            // If the address of the API is wrong, everything is "not found", including this group.
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

    /// <summary>Logs, once for each type, that a published message has no subscribers.</summary>
    public void Report(Type messageType, IReadOnlyList<string> urlGroups)
    {
        if (_reported.TryAdd(messageType, true))
        {
            LogContext.Info?.Log("Nobody gets {MessageType}: no endpoint is a member of {UrlGroups}. Each message of this type is "
                + "dropped until one joins",
                messageType, string.Join(", ", urlGroups));
        }
    }

    // The result of a message in a batch has only an error text and no status.
    static bool CanMeanIt(QStashException refusal) =>
        refusal is not (QStashAuthenticationException or QStashRateLimitException or QStashQuotaException or QStashUnreachableException)
        && (refusal.StatusCode is null ? refusal.Error is not null : refusal.StatusCode >= HttpStatusCode.BadRequest);
}
