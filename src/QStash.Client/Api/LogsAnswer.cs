namespace QStash.Client;

// /v2/events answers "events"; documentation also knows "logs".
sealed record LogsAnswer
{
    public IReadOnlyList<QStashLogEntry>? Events { get; init; }

    public IReadOnlyList<QStashLogEntry>? Logs { get; init; }

    public string? Cursor { get; init; }
}
