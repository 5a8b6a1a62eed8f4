namespace QStash.Client;

/// <summary>Flow control keys. QStash creates a key when a message with it is published.</summary>
public interface IQStashFlowControl
{
    /// <summary>Lists keys.</summary>
    /// <param name="search">Part of the key; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<QStashFlowControlKey>> ListAsync(string? search = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one key.</summary>
    /// <returns>The key, or <see langword="null"/> when QStash does not know it.</returns>
    Task<QStashFlowControlKey?> GetAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Stops deliveries; messages wait.</summary>
    Task PauseAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Continues deliveries.</summary>
    Task ResumeAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets limits that messages cannot change. At least one of <see cref="QStashFlowControlSettings.Parallelism"/> and
    /// <see cref="QStashFlowControlSettings.Rate"/> is needed. Starts a new rate period.
    /// </summary>
    Task PinAsync(QStashFlowControlSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Lets messages change the limits again. At least one of both must be <see langword="true"/>.</summary>
    Task UnpinAsync(string key, bool parallelism = true, bool rate = true, CancellationToken cancellationToken = default);

    /// <summary>Starts a new rate period with a count of zero.</summary>
    Task ResetRateAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads the account-wide parallelism.</summary>
    Task<QStashGlobalParallelism> GetGlobalParallelismAsync(CancellationToken cancellationToken = default);
}
