namespace QStash.Emulator.Snapshots;

/// <summary>What a publish is recognized by as a duplicate (contract 3.10).</summary>
/// <param name="Key"><c>id:</c> and the deduplication id, or <c>content:</c> and a hash.</param>
/// <param name="MessageId">The message that was accepted first.</param>
/// <param name="ExpiresAt">When the window ends.</param>
public sealed record DeduplicationSnapshot(string Key, string MessageId, DateTimeOffset ExpiresAt);
