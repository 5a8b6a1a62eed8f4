namespace QStash.Emulator.Storage;

/// <summary>
/// A place among the messages of a queue that are under way. It stays taken until the message and all its callbacks are finished,
/// because the next message waits for those too.
/// </summary>
sealed class QueueSlot(FifoQueue queue, long owner)
{
    int _users = 1;

    public FifoQueue Queue { get; } = queue;

    /// <summary>The number of the message that took the place.</summary>
    public long Owner { get; } = owner;

    public void Share() => _users++;

    /// <summary>True when the slot became free.</summary>
    public bool Leave()
    {
        if (--_users > 0)
            return false;

        Queue.Release();
        return true;
    }
}
