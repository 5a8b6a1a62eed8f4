namespace QStash.Client;

sealed record DeadLettersAnswer
{
    public IReadOnlyList<QStashDeadLetter>? Messages { get; init; }

    public string? Cursor { get; init; }
}
