using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>A bulk action. A start looks again for the messages that are left.</summary>
sealed record StoredBulkAction(
    long Sequence, string Id, IReadOnlyDictionary<string, string[]> Filter, long CreatedAt, long? CompletedAt, int Total, int Processed)
{
    public static StoredBulkAction Of(BulkAction action) => new(
        action.Sequence, action.Id, action.Filter, action.CreatedAt, action.CompletedAt, action.Total, action.Processed);

    public BulkAction Restore() => new(Sequence, Id, Filter, CreatedAt) { CompletedAt = CompletedAt, Total = Total, Processed = Processed };
}
