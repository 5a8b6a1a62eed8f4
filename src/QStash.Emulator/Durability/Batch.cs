namespace QStash.Emulator.Durability;

/// <summary>The changes of one transaction. Small changes are collected, so that few statements write them.</summary>
sealed class Batch
{
    public List<Change> Changes { get; } = [];

    /// <summary>New messages, in their order.</summary>
    public List<(string User, StoredMessage Message)> Accepted { get; } = [];

    /// <summary>The windows of new deduplication keys of each user, in their order.</summary>
    public Dictionary<string, List<StoredWindow>> Windows { get; } = [];

    /// <summary>The time until which the deduplication windows of a user have ended.</summary>
    public Dictionary<string, long> WindowEnds { get; } = [];

    /// <summary>New entries of the log of each user, in their order.</summary>
    public Dictionary<string, List<StoredLogEntry>> Logged { get; } = [];

    /// <summary>The first entry of the log that is kept, for users whose log dropped some.</summary>
    public Dictionary<string, long> LogStarts { get; } = [];

    /// <summary>The numbers of messages that have reached a final state.</summary>
    public List<long> Finished { get; } = [];

    /// <summary>The numbers of messages that nothing refers to.</summary>
    public List<long> Deleted { get; } = [];

    /// <summary>The users whose accounts were reset.</summary>
    public HashSet<string> Resets { get; } = [];

    public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The timestamp of the first change; 0 as long as there is none.</summary>
    public long Began { get; set; }

    public bool IsEmpty => Began == 0;

    /// <summary>Forgets what was collected for a user whose account was reset.</summary>
    public void Reset(string user)
    {
        Resets.Add(user);
        Accepted.RemoveAll(accepted => accepted.User == user);
        Windows.Remove(user);
        WindowEnds.Remove(user);
        Logged.Remove(user);
        LogStarts.Remove(user);
    }

    /// <summary>Adds to the list of a user.</summary>
    public static void Add<T>(Dictionary<string, List<T>> lists, string user, T item)
    {
        if (!lists.TryGetValue(user, out var list))
            lists.Add(user, list = []);

        list.Add(item);
    }
}
