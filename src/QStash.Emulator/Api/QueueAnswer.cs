using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A queue as the API shows it. Times are unix milliseconds.</summary>
sealed record QueueAnswer(string Name, long CreatedAt, long UpdatedAt, int Parallelism, int Lag, bool Paused)
{
    public static QueueAnswer Of(FifoQueue queue) =>
        new(queue.Name, queue.CreatedAt, queue.UpdatedAt, queue.Parallelism, queue.Lag, queue.Paused);
}
