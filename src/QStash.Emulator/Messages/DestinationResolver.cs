using QStash.Emulator.Accounts;
using QStash.Emulator.Grammar;
using QStash.Emulator.Http;

namespace QStash.Emulator.Messages;

/// <summary>Tells URLs from names of URL groups (contract 2.1, 7.3).</summary>
static class DestinationResolver
{
    /// <summary>The targets of a destination, and the group they come from when it names one.</summary>
    /// <exception cref="ApiException">400 or 404 with the text QStash has for it.</exception>
    public static (IReadOnlyList<MessageTarget> Targets, HeaderBag? GroupDefaults) Resolve(Account account, string destination, string query = "")
    {
        if (destination.Length == 0)
            throw ApiException.BadRequest("a non-empty destination must be provided");

        if (DestinationUrl.HasScheme(destination))
        {
            var url = DestinationUrl.Normalize(destination + query)
                ?? throw ApiException.BadRequest("invalid destination url: it is not an absolute URL with a host");
            return ([MessageTarget.Of(url)], null);
        }

        // What the SDKs publish to for a language model or an email.
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

            return ([.. group.Endpoints.Select(endpoint => MessageTarget.Of(endpoint.Url, group.Name, endpoint.Name))], group.DefaultHeaders);
        }
    }
}
