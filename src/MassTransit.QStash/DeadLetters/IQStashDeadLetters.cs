using QStash.Client;

namespace MassTransit;

/// <summary>
/// The dead letters of QStash as messages: with other transports they would be in MassTransit's error and skipped queues. Resolve it from
/// the container; for a further bus resolve <c>Bind&lt;TBus, IQStashDeadLetters&gt;</c>.
/// </summary>
/// <remarks>
/// All services of a QStash account share one dead letter queue: name an endpoint to see only its own. QStash drops the entries
/// after the time of the plan. Every method throws a <see cref="QStashException"/> when QStash refuses or
/// cannot be reached.
/// </remarks>
public interface IQStashDeadLetters
{
    /// <summary>Reads the dead letters, the latest first. The next page is read when the items of the page before are used up.</summary>
    /// <param name="query">Chooses the dead letters; null or empty for all of the account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">The endpoint's name is not legal.</exception>
    IAsyncEnumerable<QStashDeadLetterContext> ListAsync(QStashDeadLetterQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one dead letter.</summary>
    /// <returns>The dead letter, or null when there is none with this id.</returns>
    Task<QStashDeadLetterContext?> GetAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Delivers one dead letter again and removes it from the dead letter queue. QStash treats it as a new message; its MessageId stays the
    /// same.
    /// </summary>
    /// <returns>QStash's id of the new message, or null when there is no such dead letter.</returns>
    Task<string?> ReplayAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>Delivers all dead letters again that match now. A message that fails again during the call is left alone.</summary>
    /// <param name="query">
    /// Chooses the dead letters. At least one property must be set, so that nobody replays the whole account by mistake.
    /// </param>
    /// <param name="cancellationToken">Gives up between two dead letters.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentException">The query is empty, or the endpoint's name is not legal.</exception>
    Task<int> ReplayAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes one dead letter.</summary>
    /// <returns>Whether there was such a dead letter.</returns>
    Task<bool> DeleteAsync(string dlqId, CancellationToken cancellationToken = default);

    /// <summary>Deletes all dead letters that match now.</summary>
    /// <param name="query">Chooses the dead letters. At least one property must be set.</param>
    /// <param name="cancellationToken">Gives up between two pages.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentException">The query is empty, or the endpoint's name is not legal.</exception>
    Task<int> DeleteAsync(QStashDeadLetterQuery query, CancellationToken cancellationToken = default);
}
