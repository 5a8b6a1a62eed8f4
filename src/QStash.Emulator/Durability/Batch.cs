using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>The changes of one transaction. What is small and comes often is collected, to be written with few statements.</summary>
sealed class Batch
{
    public List<Change> Changes { get; } = [];

    /// <summary>What is new in the log, in the order of its sequence for each user.</summary>
    public List<(string User, LogEntry Entry)> Logged { get; } = [];

    /// <summary>The first sequence of the log that is still kept, for the users whose log dropped something.</summary>
    public Dictionary<string, long> LogStarts { get; } = [];

    /// <summary>The numbers of messages that are not pending any more.</summary>
    public List<long> Finished { get; } = [];

    /// <summary>The numbers of messages that nothing refers to any more.</summary>
    public List<long> Deleted { get; } = [];

    /// <summary>How many messages were accepted.</summary>
    public long Accepted { get; set; }

    public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty { get; set; } = true;

    /// <summary>Forgets what was collected for a user, who has nothing any more.</summary>
    public void Reset(string user)
    {
        Logged.RemoveAll(logged => logged.User == user);
        LogStarts.Remove(user);
    }
}
