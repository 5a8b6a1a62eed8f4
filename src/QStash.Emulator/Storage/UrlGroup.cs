using QStash.Emulator.Messages;

namespace QStash.Emulator.Storage;

/// <summary>A named set of destinations.</summary>
sealed class UrlGroup(string name, long createdAt)
{
    public string Name { get; } = name;

    public long CreatedAt { get; } = createdAt;

    public long UpdatedAt { get; set; } = createdAt;

    public List<UrlGroupEndpoint> Endpoints { get; } = [];

    /// <summary>Headers of each publish to the group, unless the publish sets them itself.</summary>
    public HeaderBag DefaultHeaders { get; set; } = new();

    /// <summary>How many endpoints the group would have with these added.</summary>
    public int CountWith(IEnumerable<UrlGroupEndpoint> more)
    {
        var all = new List<UrlGroupEndpoint>(Endpoints);
        foreach (var endpoint in more)
            Upsert(all, endpoint);

        return all.Count;
    }

    /// <summary>
    /// Replaces the endpoint with the same name, or, if it has no name, the one with the same URL. Otherwise adds it at the end.
    /// </summary>
    public void Upsert(UrlGroupEndpoint endpoint) => Upsert(Endpoints, endpoint);

    static void Upsert(List<UrlGroupEndpoint> endpoints, UrlGroupEndpoint endpoint)
    {
        var index = endpoints.FindIndex(known => endpoint.Name is { } name ? known.Name == name : known.Url == endpoint.Url);
        if (index < 0)
            endpoints.Add(endpoint);
        else
            endpoints[index] = endpoint;
    }
}
