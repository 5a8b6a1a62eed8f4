using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A bulk action as the API shows it; times are unix milliseconds.</summary>
sealed record BulkActionAnswer(
    string ActionId,
    string Kind,
    string State,
    int Total,
    int Processed,
    long CreatedAt,
    long? CompletedAt,
    IReadOnlyDictionary<string, string[]> Filter)
{
    public const string InProgress = "IN_PROGRESS";
    public const string Finished = "FINISHED";

    public static BulkActionAnswer Of(BulkAction action) => new(
        action.Id, "cancel", StateOf(action), action.Total, action.Processed, action.CreatedAt, action.CompletedAt, action.Filter);

    public static string StateOf(BulkAction action) => action.CompletedAt is null ? InProgress : Finished;
}
