namespace QStash.Client;

sealed record BulkActionsAnswer
{
    public List<QStashBulkAction>? BulkActions { get; init; }

    public string? Cursor { get; init; }
}
