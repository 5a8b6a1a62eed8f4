using QStash.Emulator.Storage;

namespace QStash.Emulator.Snapshots;

/// <summary>A queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parallelism">How many of its messages may be worked on at once.</param>
/// <param name="Paused">Whether it starts nothing.</param>
/// <param name="Lag">Messages in it that have not reached a final state.</param>
public sealed record QueueSnapshot(string Name, int Parallelism, bool Paused, int Lag)
{
    internal static QueueSnapshot Of(FifoQueue queue) => new(queue.Name, queue.Parallelism, queue.Paused, queue.Lag);
}
