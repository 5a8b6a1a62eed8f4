namespace QStash.Client;

/// <summary>A cancel by filter that QStash has accepted.</summary>
public sealed class QStashBulkCancel
{
    /// <summary>How many messages matched when it was accepted. Those that came later are not cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>
    /// The action that cancels them: read it, or wait for its end, with <see cref="IQStashClient.BulkActions"/>. If an action with the
    /// same filter was running, it is that one, and messages published since that one began are not cancelled.
    /// <see langword="null"/> when all is done already.
    /// </summary>
    public string? ActionId { get; init; }
}
