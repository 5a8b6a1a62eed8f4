using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>A queue.</summary>
public sealed record QStashQueue
{
    /// <summary>Name of the queue.</summary>
    public required string Name { get; init; }

    /// <summary>Time of creation.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Time of the last change.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Messages delivered at the same time; 1 keeps strict order.</summary>
    public int? Parallelism { get; init; }

    /// <summary>Messages that wait.</summary>
    public long Lag { get; init; }

    /// <summary>Whether deliveries are paused.</summary>
    public bool Paused { get; init; }
}
