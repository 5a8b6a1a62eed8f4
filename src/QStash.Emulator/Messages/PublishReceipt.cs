namespace QStash.Emulator.Messages;

/// <summary>The answer to one accepted message (contract 2.1).</summary>
sealed record PublishReceipt(string MessageId, string Url, bool Deduplicated);
