using System.Net;
using System.Text.Json;

namespace QStash.Emulator.Tests.Support;

/// <summary>An answer of the API.</summary>
sealed record Answer(HttpStatusCode Status, string Text)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Without its charset.</summary>
    public string? ContentType { get; init; }

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Id => Json.GetProperty("messageId").GetString()!;

    public string Error => Json.GetProperty("error").GetString()!;

    public string? String(string member) => Json.TryGetProperty(member, out var value) ? value.GetString() : null;
}
