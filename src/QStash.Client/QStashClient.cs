namespace QStash.Client;

/// <summary>The QStash API over HTTP. Safe for concurrent use; keep one instance.</summary>
public sealed class QStashClient : IQStashClient
{
    /// <summary>Name of the <see cref="HttpClient"/> that <c>AddQStashClient</c> and <c>AddQStashHttpClient</c> register.</summary>
    public const string HttpClientName = "QStash";

    readonly IPublisher _publisher;

    /// <summary>Creates a client on an <see cref="HttpClient"/> that the caller owns, with the resilience the caller gave it.</summary>
    /// <param name="http">Sends the requests. Its base address is not used.</param>
    /// <param name="options">URL and token; read once, now.</param>
    /// <param name="timeProvider">Clock for rate limits. Default: the system clock.</param>
    /// <exception cref="ArgumentException">An option is missing or wrong; the text names it.</exception>
    public QStashClient(HttpClient http, QStashClientOptions options, TimeProvider? timeProvider = null)
        : this(() => http, options, timeProvider)
    {
        ArgumentNullException.ThrowIfNull(http);
    }

    /// <summary>
    /// Creates a client that gets the <see cref="HttpClient"/> named <see cref="HttpClientName"/> from the factory for each call.
    /// </summary>
    /// <param name="factory">Makes the HTTP clients; <c>AddQStashHttpClient</c> registers the name with its resilience handler.</param>
    /// <param name="options">URL and token; read once, now.</param>
    /// <param name="timeProvider">Clock for rate limits. Default: the system clock.</param>
    /// <exception cref="ArgumentException">An option is missing or wrong; the text names it.</exception>
    public QStashClient(IHttpClientFactory factory, QStashClientOptions options, TimeProvider? timeProvider = null)
        : this(() => factory.CreateClient(HttpClientName), options, timeProvider)
    {
        ArgumentNullException.ThrowIfNull(factory);
    }

    QStashClient(Func<HttpClient> http, QStashClientOptions options, TimeProvider? timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);

        timeProvider ??= TimeProvider.System;
        var api = new QStashHttp(http, options, timeProvider);
        var publishing = new PublishApi(api);
        _publisher = options.CoalescePublishes ? new PublishCoalescer(publishing, options.NetworkTime) : publishing;
        BulkActions = new BulkActionsApi(api, timeProvider);
        Messages = new MessagesApi(api, BulkActions);
        UrlGroups = new UrlGroupsApi(api);
        Queues = new QueuesApi(api);
        Schedules = new SchedulesApi(api);
        DeadLetterQueue = new DeadLetterQueueApi(api);
        Logs = new LogsApi(api);
        FlowControl = new FlowControlApi(api);
        SigningKeys = new SigningKeysApi(api);
    }

    /// <inheritdoc/>
    public IQStashMessages Messages { get; }

    /// <inheritdoc/>
    public IQStashBulkActions BulkActions { get; }

    /// <inheritdoc/>
    public IQStashUrlGroups UrlGroups { get; }

    /// <inheritdoc/>
    public IQStashQueues Queues { get; }

    /// <inheritdoc/>
    public IQStashSchedules Schedules { get; }

    /// <inheritdoc/>
    public IQStashDeadLetterQueue DeadLetterQueue { get; }

    /// <inheritdoc/>
    public IQStashLogs Logs { get; }

    /// <inheritdoc/>
    public IQStashFlowControl FlowControl { get; }

    /// <inheritdoc/>
    public IQStashSigningKeys SigningKeys { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QStashReceipt>> PublishAsync(QStashMessage message, CancellationToken cancellationToken = default)
    {
        var answer = await _publisher.PublishAsync(PreparedMessage.Of(message, nameof(message)), cancellationToken).ConfigureAwait(false);
        return answer.Error is null ? answer.Receipts : throw FailedResponse.Refused(answer.Error);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QStashBatchResult>> BatchAsync(IReadOnlyList<QStashMessage> messages,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
            return [];

        var prepared = new PreparedMessage[messages.Count];
        for (var index = 0; index < prepared.Length; index++)
            prepared[index] = PreparedMessage.OfBatch(messages[index], $"{nameof(messages)}[{index}]");

        var answers = await _publisher.BatchAsync(prepared, cancellationToken).ConfigureAwait(false);
        return [.. answers.Select(answer => new QStashBatchResult { Receipts = answer.Receipts, Error = answer.Error })];
    }
}
