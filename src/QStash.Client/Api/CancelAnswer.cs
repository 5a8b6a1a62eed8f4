namespace QStash.Client;

sealed record CancelAnswer
{
    public int Cancelled { get; init; }

    public string? ActionId { get; init; }
}
