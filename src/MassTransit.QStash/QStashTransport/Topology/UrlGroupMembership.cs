using QStash.Client;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// Makes endpoints members of their URL groups.
/// </summary>
sealed class UrlGroupMembership(IQStashUrlGroups urlGroups)
{
    readonly Lock _lock = new();
    Task<IReadOnlyList<QStashUrlGroup>>? _listing;

    /// <summary>
    /// Reads the groups that are there and writes only to those the endpoint is missing from. Adds and never removes: other
    /// services are members of the same groups.
    /// </summary>
    public async Task JoinAsync(IReadOnlyList<string> names, Uri endpoint, CancellationToken cancellationToken)
    {
        var url = endpoint.AbsoluteUri;

        HashSet<string> joined = (await ListAsync(cancellationToken).ConfigureAwait(false))
            .Where(group => group.Endpoints.Any(member => member.Url == url))
            .Select(group => group.Name)
            .ToHashSet(StringComparer.Ordinal);

        foreach (var name in names.Where(name => !joined.Contains(name)))
        {
            LogContext.Debug?.Log("Join URL group {UrlGroup}: {InputAddress}", name, endpoint);

            await urlGroups.UpsertEndpointsAsync(name, [new QStashEndpoint { Url = url }], cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task LeaveAsync(IReadOnlyList<string> names, Uri endpoint, CancellationToken cancellationToken)
    {
        foreach (var name in names)
            await urlGroups.RemoveEndpointsAsync(name, [new QStashEndpoint { Url = endpoint.AbsoluteUri }], cancellationToken).ConfigureAwait(false);
    }

    // The endpoints of a bus start together, and one listing serves them all: reads count against the burst limit (S3).
    Task<IReadOnlyList<QStashUrlGroup>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_listing is not { IsCompleted: false })
                _listing = urlGroups.ListAsync(CancellationToken.None);

            return _listing.WaitAsync(cancellationToken);
        }
    }
}
