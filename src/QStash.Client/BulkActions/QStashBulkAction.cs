using System.Text.Json.Serialization;

namespace QStash.Client;

/// <summary>A cancel by filter that QStash carries out in the background. Kept for seven days.</summary>
public sealed class QStashBulkAction
{
    /// <summary>Its id.</summary>
    public string ActionId { get; init; } = "";

    /// <summary>What it does: <c>cancel</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Whether it still runs.</summary>
    [JsonConverter(typeof(WordConverter<QStashBulkActionState>))]
    public QStashBulkActionState State { get; init; }

    /// <summary>How many messages matched when it was accepted.</summary>
    public int Total { get; init; }

    /// <summary>How many of them it has come to.</summary>
    public int Processed { get; init; }

    /// <summary>When it was accepted, by QStash's clock; <see langword="null"/> when QStash does not say.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it ended; <see langword="null"/> while it runs.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The filter: the parameters of the call that began it, each with its values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
