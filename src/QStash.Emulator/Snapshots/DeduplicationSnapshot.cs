namespace QStash.Emulator.Snapshots;

/// <summary>A key by which a publish is recognized as a duplicate.</summary>
/// <param name="Key"><c>id:</c> and the deduplication id, or <c>content:</c> and a hash.</param>
/// <param name="MessageId">The message that was accepted first.</param>
/// <param name="ExpiresAt">When the window ends.</param>
public sealed record DeduplicationSnapshot(string Key, string MessageId, DateTimeOffset ExpiresAt);
