using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>The account-wide limit of deliveries in flight. QStash omits zeros.</summary>
public sealed record QStashGlobalParallelism
{
    /// <summary>Allowed deliveries in flight.</summary>
    [JsonPropertyName("parallelismMax")]
    public int Max { get; init; }

    /// <summary>Deliveries in flight.</summary>
    [JsonPropertyName("parallelismCount")]
    public int Count { get; init; }
}
