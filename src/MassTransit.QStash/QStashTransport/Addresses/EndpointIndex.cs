using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// The receive endpoints that are members of URL groups, from one reading of the groups. Temporary endpoints are left out, because no
/// sender knows their names in advance.
/// </summary>
sealed class EndpointIndex
{
    readonly ILookup<string, NamedEndpoint> _byName;
    readonly HashSet<string> _urlGroups;

    public EndpointIndex(IReadOnlyList<QStashUrlGroup> groups, DateTimeOffset readAt)
    {
        ReadAt = readAt;
        _urlGroups = groups.Select(urlGroup => urlGroup.Name).ToHashSet(StringComparer.Ordinal);
        _byName = (
            from member in groups.SelectMany(urlGroup => urlGroup.Endpoints)
            let name = MemberName.Parse(member.Name)
            where name is { Until: null } && IsAt(member.Url, name.Endpoint)
            select new NamedEndpoint(name.Service, name.Endpoint, member.Url!)).Distinct().ToLookup(endpoint => endpoint.Name,
                StringComparer.OrdinalIgnoreCase);
    }

    public DateTimeOffset ReadAt { get; }

    /// <summary>The names of all endpoints.</summary>
    public IEnumerable<string> Names => _byName.Select(endpoints => endpoints.First().Name).Order(StringComparer.Ordinal);

    public bool HasUrlGroup(string name) => _urlGroups.Contains(name);

    public bool HasUrl(string url) => _byName.Any(endpoints => endpoints.Any(endpoint => endpoint.Url == url));

    // A name that a person gave to a member may look like one of ours. So the URL has to match too.
    static bool IsAt(string? url, string endpointName) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Segments[^1] == endpointName;

    /// <summary>The endpoints with a name. Case counts only if an endpoint has exactly this name.</summary>
    public NamedEndpoint[] Find(string name)
    {
        NamedEndpoint[] found = [.. _byName[name]];
        var exact = Array.FindAll(found, endpoint => endpoint.Name == name);

        return exact.Length > 0 ? exact : found;
    }
}
