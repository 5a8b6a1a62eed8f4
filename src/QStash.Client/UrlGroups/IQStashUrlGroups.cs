namespace QStash.Client;

/// <summary>URL groups. Names are letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
public interface IQStashUrlGroups
{
    /// <summary>Lists all groups.</summary>
    Task<IReadOnlyList<QStashUrlGroup>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads one group.</summary>
    /// <returns>The group, or <see langword="null"/> when there is none with this name.</returns>
    Task<QStashUrlGroup?> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Adds endpoints, or replaces those that exist already. Creates the group if it does not exist.</summary>
    Task UpsertEndpointsAsync(string name, IReadOnlyList<QStashEndpoint> endpoints, CancellationToken cancellationToken = default);

    /// <summary>Removes endpoints, found by name or URL. QStash deletes a group that loses its last endpoint.</summary>
    /// <exception cref="QStashException">There is no such group.</exception>
    Task RemoveEndpointsAsync(string name, IReadOnlyList<QStashEndpoint> endpoints, CancellationToken cancellationToken = default);

    /// <summary>Deletes a group. It is not an error if the group does not exist. Delete schedules that use it first.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets publish headers, such as <c>Upstash-Retries</c>, that apply to every publish to the group.
    /// </summary>
    Task SetDefaultHeadersAsync(string name, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken = default);
}
