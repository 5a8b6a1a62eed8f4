using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A URL group as the API shows it. Times are unix milliseconds.</summary>
sealed record UrlGroupAnswer(string Name, long CreatedAt, long UpdatedAt, List<UrlGroupEndpoint> Endpoints)
{
    public static UrlGroupAnswer Of(UrlGroup group) => new(group.Name, group.CreatedAt, group.UpdatedAt, [.. group.Endpoints]);
}
