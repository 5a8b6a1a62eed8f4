namespace QStash.Emulator.Tests.Support;

/// <summary>A request as a destination got it. The target is the raw one of the request line.</summary>
sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string[]> Headers, byte[] Body, DateTimeOffset At)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(",", values) : null;

    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Body).RootElement;
}
