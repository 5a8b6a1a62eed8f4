using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>A URL group: a message published to its name goes to every endpoint.</summary>
public sealed record QStashUrlGroup
{
    /// <summary>Name of the group.</summary>
    public required string Name { get; init; }

    /// <summary>Time of creation.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Time of the last change.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The members, in order of addition.</summary>
    public IReadOnlyList<QStashEndpoint> Endpoints { get => field ?? []; init; }
}
