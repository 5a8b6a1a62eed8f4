using QStash.Emulator.Messages;
using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>A URL group.</summary>
sealed record StoredUrlGroup(
    string Name, long CreatedAt, long UpdatedAt, List<UrlGroupEndpoint> Endpoints, HeaderList DefaultHeaders)
{
    public static StoredUrlGroup Of(UrlGroup group) =>
        new(group.Name, group.CreatedAt, group.UpdatedAt, group.Endpoints, new HeaderList(group.DefaultHeaders));

    public UrlGroup Restore()
    {
        var group = new UrlGroup(Name, CreatedAt) { UpdatedAt = UpdatedAt };
        foreach (var (name, values) in DefaultHeaders)
            group.DefaultHeaders.Add(name, values);

        group.Endpoints.AddRange(Endpoints);
        return group;
    }
}
