using QStash.Client;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// Makes an endpoint a member of its URL groups.
/// </summary>
static class UrlGroupMembership
{
    /// <summary>
    /// Reads the groups that are there and writes only to those the endpoint is missing from. Adds and never removes: other
    /// services are members of the same groups.
    /// </summary>
    public static async Task Deploy(IQStashUrlGroups urlGroups, IReadOnlyList<string> names, Uri endpoint, CancellationToken cancellationToken)
    {
        var url = endpoint.AbsoluteUri;

        HashSet<string> joined = (await urlGroups.ListAsync(cancellationToken).ConfigureAwait(false))
            .Where(group => group.Endpoints.Any(member => member.Url == url))
            .Select(group => group.Name)
            .ToHashSet(StringComparer.Ordinal);

        foreach (var name in names.Where(name => !joined.Contains(name)))
        {
            LogContext.Debug?.Log("Join URL group {UrlGroup}: {InputAddress}", name, endpoint);

            await urlGroups.UpsertEndpointsAsync(name, [new QStashEndpoint { Url = url }], cancellationToken).ConfigureAwait(false);
        }
    }
}
