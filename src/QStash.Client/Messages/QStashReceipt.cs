namespace QStash.Client;

/// <summary>QStash's confirmation that it has stored a message and will deliver it.</summary>
public sealed record QStashReceipt
{
    /// <summary>Id of the message. If it is <see cref="Deduplicated"/>, the id of the earlier message.</summary>
    public required string MessageId { get; init; }

    /// <summary>The endpoint the message goes to. QStash reports it for URL groups, but not always for a URL.</summary>
    public string? Url { get; init; }

    /// <summary>Whether an earlier message had the same deduplication id, so that this one is not delivered.</summary>
    public bool Deduplicated { get; init; }
}
