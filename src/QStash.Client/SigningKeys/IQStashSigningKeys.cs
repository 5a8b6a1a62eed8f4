namespace QStash.Client;

/// <summary>The keys that sign deliveries.</summary>
public interface IQStashSigningKeys
{
    /// <summary>Reads both keys.</summary>
    Task<QStashSigningKeys> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the next key current and creates a new next key. If you rotate twice before all receivers know the new keys, they refuse
    /// deliveries. The call is never retried; if its answer is lost, read the keys before you rotate again.
    /// </summary>
    Task<QStashSigningKeys> RotateAsync(CancellationToken cancellationToken = default);
}
