using QStash.Client;

namespace MassTransit;

/// <summary>
/// The dead letters of QStash as messages: what MassTransit's error and skipped queues hold with other transports. A service of the
/// container; that of a further bus is <c>Bind&lt;TBus, IQStashDeadLetters&gt;</c>.
/// </summary>
/// <remarks>
/// All services of a QStash account share one dead letter queue: name an endpoint to see only its own. QStash drops the entries
/// after the time of the plan. Every method throws a <see cref="QStashException"/> when QStash refuses or
/// cannot be reached.
/// </remarks>
public interface IQStashDeadLetters
{
    /// <summary>Reads the dead letters, the latest first, page by page as they are consumed.</summary>
    /// <param name="query">Which ones; null or empty for all of the account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">The endpoint's name is not legal.</exception>
    IAsyncEnumerable<QStashDeadLetterContext> ListAsync(QStashDeadLetterQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one.</summary>
    /// <returns>The dead letter, or null when there is none with this id.</returns>
    Task<QStashDeadLetterContext?> GetAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Delivers one again, as a new message for QStash with the same MessageId, and takes it out of the dead letter queue.
    /// </summary>
    /// <returns>QStash's id of the new message, or null when there is no such dead letter.</returns>
    Task<string?> ReplayAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>Delivers all again that match now; what fails anew meanwhile is left alone.</summary>
    /// <param name="query">Which ones; must say something, so that nobody replays the whole account by mistake.</param>
    /// <param name="cancellationToken">Gives up between two dead letters.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentException">The query is empty, or the endpoint's name is not legal.</exception>
    Task<int> ReplayAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes one.</summary>
    /// <returns>Whether there was such a dead letter.</returns>
    Task<bool> DeleteAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>Deletes all that match now.</summary>
    /// <param name="query">Which ones; must say something.</param>
    /// <param name="cancellationToken">Gives up between two pages.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentException">The query is empty, or the endpoint's name is not legal.</exception>
    Task<int> DeleteAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default);
}
