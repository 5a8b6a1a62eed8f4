namespace QStash.Client;

/// <summary>What became of one message of a batch.</summary>
public sealed record QStashBatchResult
{
    /// <summary>One receipt for a URL, one per endpoint for a URL group; empty when the message was refused.</summary>
    public IReadOnlyList<QStashReceipt> Receipts { get; init; } = [];

    /// <summary>The server's reason when the message, or one of its endpoints, was refused, or that there is no receipt; otherwise
    /// <see langword="null"/>.</summary>
    public string? Error { get; init; }
}
