namespace QStash.Client;

/// <summary>The log of messages, newest entry first.</summary>
public interface IQStashLogs
{
    /// <summary>Reads one page.</summary>
    /// <param name="filter">Which entries; <see langword="null"/> for all.</param>
    /// <param name="cursor">Where to start, from <see cref="QStashPage{T}.Cursor"/>; <see langword="null"/> for the first page.</param>
    /// <param name="count">
    /// Entries per page, 1 to 1000; QStash documents a maximum of 100 and used to allow 1000. Default: QStash's own.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<QStashPage<QStashLogEntry>> ListAsync(QStashLogFilter? filter = null, string? cursor = null, int? count = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads all entries. The next page is read when the entries of the page before are used up.</summary>
    IAsyncEnumerable<QStashLogEntry> ListAllAsync(QStashLogFilter? filter = null, CancellationToken cancellationToken = default);
}
