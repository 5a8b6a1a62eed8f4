namespace QStash.Client;

/// <summary>Cancels by filter that QStash carries out in the background.</summary>
public interface IQStashBulkActions
{
    /// <summary>Reads one action.</summary>
    /// <returns>The action, or <see langword="null"/> when QStash does not know it: they are kept for seven days.</returns>
    Task<QStashBulkAction?> GetAsync(string actionId, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of actions.</summary>
    /// <param name="state">Reads only actions in this state; all when omitted.</param>
    /// <param name="cursor"><see cref="QStashPage{T}.Cursor"/> of the page before; the first page when omitted.</param>
    /// <param name="count">The largest number of actions on the page, 1 to 1000; 100 when omitted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A page, which may be empty although others follow.</returns>
    Task<QStashPage<QStashBulkAction>> ListAsync(
        QStashBulkActionState? state = null, string? cursor = null, int? count = null, CancellationToken cancellationToken = default);

    /// <summary>Reads all actions, page by page.</summary>
    /// <param name="state">Reads only actions in this state; all when omitted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<QStashBulkAction> ListAllAsync(QStashBulkActionState? state = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits for the end of an action. The first call is made at once; the pauses between the calls grow up to 5 seconds.
    /// </summary>
    /// <param name="actionId">Id of the action.</param>
    /// <param name="cancellationToken">Ends the wait; the action continues. There is no other time limit.</param>
    /// <returns>The finished action.</returns>
    /// <exception cref="QStashNotFoundException">QStash does not know the action.</exception>
    Task<QStashBulkAction> WaitAsync(string actionId, CancellationToken cancellationToken = default);
}
