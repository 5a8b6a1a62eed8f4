using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>A cancel by filter that QStash carries out in the background. Kept for seven days.</summary>
public sealed class QStashBulkAction
{
    /// <summary>The id of the action.</summary>
    public string ActionId { get; init; } = "";

    /// <summary>The kind of the action: <c>cancel</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Whether the action still runs.</summary>
    [JsonConverter(typeof(WordConverter<QStashBulkActionState>))]
    public QStashBulkActionState State { get; init; }

    /// <summary>The number of messages that matched when the action was accepted.</summary>
    public int Total { get; init; }

    /// <summary>The number of messages that are processed so far.</summary>
    public int Processed { get; init; }

    /// <summary>When the action was accepted, by QStash's clock; <see langword="null"/> when QStash does not say.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the action ended; <see langword="null"/> while it runs.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The filter: the parameters of the call that began it, each with its values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
