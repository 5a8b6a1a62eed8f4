using QStash.Emulator.Storage;

namespace QStash.Emulator.Snapshots;

/// <summary>A URL group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoints">The URLs of its endpoints, in order.</param>
public sealed record UrlGroupSnapshot(string Name, IReadOnlyList<string> Endpoints)
{
    internal static UrlGroupSnapshot Of(UrlGroup group) => new(group.Name, [.. group.Endpoints.Select(endpoint => endpoint.Url)]);
}
