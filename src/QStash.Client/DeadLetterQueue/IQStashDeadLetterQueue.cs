namespace QStash.Client;

/// <summary>
/// The dead letter queue. A retry publishes a <em>new</em> message with a new id and removes the entry.
/// </summary>
public interface IQStashDeadLetterQueue
{
    /// <summary>Reads one page.</summary>
    /// <param name="filter">Which entries; <see langword="null"/> or empty for all.</param>
    /// <param name="cursor">Where to start, from <see cref="QStashPage{T}.Cursor"/>; <see langword="null"/> for the first page.</param>
    /// <param name="count">Entries per page, 1 to 100. Default 100.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<QStashPage<QStashDeadLetter>> ListAsync(QStashDeadLetterFilter? filter = null, string? cursor = null, int? count = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads all entries. The next page is read when the entries of the page before are used up.</summary>
    IAsyncEnumerable<QStashDeadLetter> ListAllAsync(QStashDeadLetterFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one entry.</summary>
    /// <returns>The entry, or <see langword="null"/> when there is none with this id.</returns>
    Task<QStashDeadLetter?> GetAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>Deletes one entry.</summary>
    /// <returns>Whether there was such an entry.</returns>
    Task<bool> DeleteAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>Deletes all entries that match, page by page.</summary>
    /// <param name="filter">At least one member is needed: without any, QStash would delete everything.</param>
    /// <param name="cancellationToken">Gives up between or during pages.</param>
    /// <returns>The number of deleted entries.</returns>
    Task<int> DeleteAsync(QStashDeadLetterFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Publishes one entry again.</summary>
    /// <param name="dlqId">Id of the entry.</param>
    /// <param name="newSettings">Settings that replace those of the failed message; <see langword="null"/> keeps them.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The receipt of the new message.</returns>
    /// <exception cref="QStashNotFoundException">There is no such entry.</exception>
    Task<QStashReceipt> RetryAsync(string dlqId, QStashMessageSettings? newSettings = null, CancellationToken cancellationToken = default);

    /// <summary>Publishes one page of matching entries again.</summary>
    /// <param name="filter">At least one member is needed: without any, QStash would retry everything.</param>
    /// <param name="newSettings">Settings that replace those of the failed messages; <see langword="null"/> keeps them.</param>
    /// <param name="cursor">Where to continue, from the previous page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Receipts of the new messages, and the cursor when more entries match.</returns>
    Task<QStashPage<QStashReceipt>> RetryAsync(QStashDeadLetterFilter filter, QStashMessageSettings? newSettings = null,
        string? cursor = null, CancellationToken cancellationToken = default);
}
