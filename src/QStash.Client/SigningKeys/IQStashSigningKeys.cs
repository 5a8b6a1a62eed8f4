namespace QStash.Client;

/// <summary>The keys that sign deliveries.</summary>
public interface IQStashSigningKeys
{
    /// <summary>Reads both keys.</summary>
    Task<QStashSigningKeys> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the next key current and creates a new next key. Rotating twice before all receivers know the new keys
    /// breaks them. Never retried; when the answer is lost, read the keys before rotating again.
    /// </summary>
    Task<QStashSigningKeys> RotateAsync(CancellationToken cancellationToken = default);
}
