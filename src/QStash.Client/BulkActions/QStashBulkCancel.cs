namespace QStash.Client;

/// <summary>A cancel by filter that QStash has accepted.</summary>
public sealed class QStashBulkCancel
{
    /// <summary>The number of messages that matched when the cancel was accepted. Later messages are not cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>
    /// The id of the action that cancels them: read it, or wait for its end, with <see cref="IQStashClient.BulkActions"/>. If an action
    /// with the same filter was running already, this is its id, and messages published after it began are not cancelled.
    /// <see langword="null"/> when nothing is left to do.
    /// </summary>
    public string? ActionId { get; init; }
}
