namespace QStash.Client;

/// <summary>FIFO queues. Names are letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
public interface IQStashQueues
{
    /// <summary>Creates a queue or changes its settings. A change may take up to a minute to have effect.</summary>
    /// <param name="name">Name of the queue.</param>
    /// <param name="parallelism">Messages delivered at the same time, 1 or more; 1 keeps strict order.</param>
    /// <param name="paused">Whether deliveries are paused; <see langword="null"/> leaves the choice to QStash.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QStashQuotaException">The plan allows no more queues, or no such parallelism.</exception>
    Task UpsertAsync(string name, int parallelism = 1, bool? paused = null, CancellationToken cancellationToken = default);

    /// <summary>Lists all queues.</summary>
    Task<IReadOnlyList<QStashQueue>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads one queue.</summary>
    /// <returns>The queue, or <see langword="null"/> when there is none with this name.</returns>
    Task<QStashQueue?> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Deletes a queue. It is not an error if the queue does not exist.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Pauses deliveries; the queue still accepts messages.</summary>
    Task PauseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Continues deliveries with the earliest message.</summary>
    Task ResumeAsync(string name, CancellationToken cancellationToken = default);
}
