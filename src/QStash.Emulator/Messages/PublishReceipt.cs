namespace QStash.Emulator.Messages;

/// <summary>The answer to one accepted message.</summary>
sealed record PublishReceipt(string MessageId, string Url, bool Deduplicated);
