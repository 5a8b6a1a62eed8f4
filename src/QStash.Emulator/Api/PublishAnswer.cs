using QStash.Emulator.Messages;

namespace QStash.Emulator.Api;

/// <summary>One accepted message.</summary>
sealed record PublishAnswer
{
    public required string MessageId { get; init; }

    /// <summary>Only in answers to a URL group.</summary>
    public string? Url { get; init; }

    public bool? Deduplicated { get; init; }

    public static PublishAnswer Of(PublishReceipt receipt, bool withUrl) => new()
    {
        MessageId = receipt.MessageId,
        Url = withUrl ? receipt.Url : null,
        Deduplicated = receipt.Deduplicated ? true : null,
    };
}
