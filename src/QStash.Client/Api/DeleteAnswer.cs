namespace QStash.Client;

sealed record DeleteAnswer
{
    public int Deleted { get; init; }

    public string? Cursor { get; init; }
}
