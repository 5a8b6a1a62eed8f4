using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>A queue without its messages.</summary>
sealed record StoredQueue(string Name, long CreatedAt, long UpdatedAt, int Parallelism, bool Paused)
{
    public static StoredQueue Of(FifoQueue queue) => new(queue.Name, queue.CreatedAt, queue.UpdatedAt, queue.Parallelism, queue.Paused);

    public FifoQueue Restore() => new(Name, CreatedAt) { UpdatedAt = UpdatedAt, Parallelism = Parallelism, Paused = Paused };
}
