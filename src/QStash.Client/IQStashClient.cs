namespace QStash.Client;

/// <summary>
/// The QStash API (<c>/v2</c>): publishing, and managing everything that takes part in a delivery. Implementations are safe for concurrent
/// use.
/// </summary>
/// <remarks>
/// <para>
/// For input that QStash would refuse or misread, every call throws an <see cref="ArgumentException"/> that names the property and the fix,
/// before anything is sent. It throws a <see cref="QStashUnreachableException"/> when no answer arrived, and another
/// <see cref="QStashException"/> when QStash answered with a failure.
/// </para>
/// <para>
/// Retried by the resilience handler of <c>AddQStashClient</c>/<c>AddQStashHttpClient</c>: reads; publish, enqueue and batch when every
/// message carries a deduplication id or uses content based deduplication; a schedule created with its own id; upserts, pauses, resumes,
/// pins and deletes that name one resource. Sent only once, because a repeat after a lost answer would do the work twice: any other publish
/// or schedule, bulk cancels and deletes by filter, dead letter retries, immediate deliveries and the rotation of signing keys. After a 429
/// that says when the limit ends, any call is repeated at that time if it is near enough
/// (<see cref="QStashClientOptions.MaxRateLimitWait"/>).
/// </para>
/// </remarks>
public interface IQStashClient
{
    /// <summary>Cancels and reads messages that are still on their way.</summary>
    IQStashMessages Messages { get; }

    /// <summary>Reads and waits for cancels by filter.</summary>
    IQStashBulkActions BulkActions { get; }

    /// <summary>Manages URL groups, the fan-out destinations (called topics on the wire).</summary>
    IQStashUrlGroups UrlGroups { get; }

    /// <summary>Manages FIFO queues.</summary>
    IQStashQueues Queues { get; }

    /// <summary>Manages cron schedules.</summary>
    IQStashSchedules Schedules { get; }

    /// <summary>Manages messages that used up their retries.</summary>
    IQStashDeadLetterQueue DeadLetterQueue { get; }

    /// <summary>Reads what happened to messages.</summary>
    IQStashLogs Logs { get; }

    /// <summary>Manages the rate and parallelism limits of flow control keys.</summary>
    IQStashFlowControl FlowControl { get; }

    /// <summary>Reads and rotates the keys that sign deliveries.</summary>
    IQStashSigningKeys SigningKeys { get; }

    /// <summary>
    /// Publishes one message: <c>POST /v2/publish/{destination}</c>, or <c>POST /v2/enqueue/{queue}/{destination}</c> when
    /// <see cref="QStashMessage.Queue"/> is set.
    /// </summary>
    /// <param name="message">The message. It is not changed and may be reused.</param>
    /// <param name="cancellationToken">Gives up waiting. The message may still have been accepted.</param>
    /// <returns>One receipt for a URL; one per endpoint for a URL group.</returns>
    /// <exception cref="ArgumentException">The message breaks a rule; the text names the property and the fix.</exception>
    /// <exception cref="QStashException">
    /// The message was refused, QStash answered without a receipt for it, or it is unknown whether it was accepted
    /// (<see cref="QStashUnreachableException"/>).
    /// </exception>
    Task<IReadOnlyList<QStashReceipt>> PublishAsync(QStashMessage message, CancellationToken cancellationToken = default);

    /// <summary>Publishes many messages with one call, <c>POST /v2/batch</c>.</summary>
    /// <param name="messages">
    /// Messages to any mix of URLs, URL groups and queues. Their bodies must be valid UTF-8 (<see cref="QStashMessage.CanBatch"/>): a batch
    /// carries text only.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting. The messages may still have been accepted.</param>
    /// <returns>
    /// One result per message, in the order of <paramref name="messages"/>. The result has an <see cref="QStashBatchResult.Error"/> if
    /// QStash refused the message, or gave no receipt for a message to a URL; the other messages are not affected. Nothing is sent for an
    /// empty list.
    /// </returns>
    /// <exception cref="ArgumentException">A message breaks a rule; the parameter name is <c>messages[index]</c>.</exception>
    /// <exception cref="QStashException">The whole batch was refused, or it is unknown whether it was accepted.</exception>
    Task<IReadOnlyList<QStashBatchResult>> BatchAsync(IReadOnlyList<QStashMessage> messages, CancellationToken cancellationToken = default);
}
