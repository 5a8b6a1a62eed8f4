namespace QStash.Client;

/// <summary>The result of one message of a batch.</summary>
public sealed record QStashBatchResult
{
    /// <summary>One receipt for a URL, one per endpoint for a URL group; empty when the message was refused.</summary>
    public IReadOnlyList<QStashReceipt> Receipts { get; init; } = [];

    /// <summary>
    /// The error of the server when the message or one of its endpoints was refused, or a text that says that there is no receipt;
    /// otherwise <see langword="null"/>.
    /// </summary>
    public string? Error { get; init; }
}
