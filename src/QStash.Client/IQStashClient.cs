namespace QStash.Client;

/// <summary>
/// The QStash API (<c>/v2</c>): publishing, and the management of everything a published message can meet on its way.
/// Implementations are safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>
/// Every call throws an <see cref="ArgumentException"/> that names the property and the fix for input QStash would refuse
/// or misread, before anything is sent; <see cref="QStashUnreachableException"/> when no answer arrived, and another
/// <see cref="QStashException"/> when QStash answered with a failure.
/// </para>
/// <para>
/// Retried by the resilience handler of <c>AddQStashClient</c>/<c>AddQStashHttpClient</c>: reads; publish, enqueue and batch
/// when every message carries a deduplication id or uses content based deduplication; a schedule created with its own id;
/// upserts, pauses, resumes, pins and deletes that name one resource. Sent once only: any other publish or schedule, bulk
/// cancels and deletes by filter, dead letter retries, deliveries at once and the rotation of signing keys, because repeating them after a
/// lost answer does the work twice. After a 429 that says when the limit ends, any call is repeated then, if that is
/// near (<see cref="QStashClientOptions.MaxRateLimitWait"/>).
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
    /// <param name="cancellationToken">Gives up waiting. The message may have been accepted all the same.</param>
    /// <returns>One receipt for a URL; one per endpoint for a URL group.</returns>
    /// <exception cref="ArgumentException">The message breaks a rule; the text names the property and the fix.</exception>
    /// <exception cref="QStashException">
    /// The message was refused, QStash answered without a receipt for it, or its fate is unknown
    /// (<see cref="QStashUnreachableException"/>).
    /// </exception>
    Task<IReadOnlyList<QStashReceipt>> PublishAsync(QStashMessage message, CancellationToken cancellationToken = default);

    /// <summary>Publishes many messages with one call, <c>POST /v2/batch</c>.</summary>
    /// <param name="messages">
    /// Messages to any mix of URLs, URL groups and queues. Their bodies must be valid UTF-8
    /// (<see cref="QStashMessage.CanBatch"/>): a batch carries text only.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting. The messages may have been accepted all the same.</param>
    /// <returns>
    /// One result per message, in the order of <paramref name="messages"/>. A message that QStash refused, or to a URL and
    /// without a receipt, carries <see cref="QStashBatchResult.Error"/> and does not affect the others. Nothing is sent for an empty list.
    /// </returns>
    /// <exception cref="ArgumentException">A message breaks a rule; the parameter name is <c>messages[index]</c>.</exception>
    /// <exception cref="QStashException">The whole batch was refused, or its fate is unknown.</exception>
    Task<IReadOnlyList<QStashBatchResult>> BatchAsync(IReadOnlyList<QStashMessage> messages, CancellationToken cancellationToken = default);
}
