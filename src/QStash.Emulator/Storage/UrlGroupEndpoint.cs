namespace QStash.Emulator.Storage;

/// <summary>One destination of a URL group.</summary>
sealed record UrlGroupEndpoint(string Url, string? Name);
