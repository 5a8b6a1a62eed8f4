namespace QStash.Client;

sealed record RetryAnswer
{
    public IReadOnlyList<QStashReceipt>? Responses { get; init; }

    public string? Cursor { get; init; }
}
