namespace QStash.Emulator.Durability;

/// <summary>The changes of one transaction.</summary>
sealed class Batch
{
    public List<Change> Changes { get; } = [];

    public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
