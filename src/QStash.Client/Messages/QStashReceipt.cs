namespace QStash.Client;

/// <summary>QStash's confirmation that it keeps a message and will deliver it.</summary>
public sealed record QStashReceipt
{
    /// <summary>Id of the message; that of the first one when <see cref="Deduplicated"/>.</summary>
    public required string MessageId { get; init; }

    /// <summary>The endpoint it goes to. QStash reports it for URL groups, not always for a URL.</summary>
    public string? Url { get; init; }

    /// <summary>Whether an earlier message had the same deduplication id, so that this one is not delivered again.</summary>
    public bool Deduplicated { get; init; }
}
