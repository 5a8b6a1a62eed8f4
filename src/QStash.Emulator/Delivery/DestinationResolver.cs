using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;
using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#g11
/// <summary>Distinguishes URLs from names of URL groups.</summary>
static class DestinationResolver
{
    // Most publishes of a thread go where the last one went, and to check a URL takes longer than to compare it.
    [ThreadStatic]
    static MessageTarget[]? _last;

    /// <summary>The targets of a destination, and their group if it names one.</summary>
    /// <exception cref="ApiException">400 or 404 with QStash's error text.</exception>
    public static (IReadOnlyList<MessageTarget> Targets, HeaderBag? GroupDefaults) Resolve(
        Account account, string destination, string query = "")
    {
        if (destination.Length == 0)
            throw ApiException.BadRequest("a non-empty destination must be provided");

        if (DestinationUrl.HasScheme(destination))
        {
            var given = destination + query;
            if (_last is [var last] && last.Url == given)
                return (_last, null);

            var url = DestinationUrl.Normalize(given)
                ?? throw ApiException.BadRequest("invalid destination url: it is not an absolute URL with a host");
            _last = [MessageTarget.Of(url)];
            return (_last, null);
        }

        // SDKs publish to these destinations for language models and email.
        if (destination.StartsWith("api/", StringComparison.OrdinalIgnoreCase))
            throw NotEmulated.Exception($"destination {destination}");

        if (!ResourceName.IsValid(destination))
            throw ApiException.BadRequest("invalid destination url: endpoint has invalid scheme, add http:// or https://");

        lock (account.Gate)
        {
            if (!account.UrlGroups.TryGetValue(destination, out var group) || group.Endpoints.Count == 0)
                account.NobodyListens?.Invoke(destination);

            if (group is null)
                throw ApiException.NotFound($"topic {destination} not found");

            return (
                [.. group.Endpoints.Select(endpoint => MessageTarget.Of(endpoint.Url, group.Name, endpoint.Name))],
                group.DefaultHeaders);
        }
    }
}
