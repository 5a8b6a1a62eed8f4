namespace QStash.Client;

/// <summary>The QStash API over HTTP. Safe for concurrent use; keep one instance.</summary>
public sealed class QStashClient : IQStashClient
{
    /// <summary>Name of the <see cref="HttpClient"/> that <c>AddQStashClient</c> and <c>AddQStashHttpClient</c> register.</summary>
    public const string HttpClientName = "QStash";

    readonly QStashHttp _http;

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

    /// <summary>Creates a client that takes the <see cref="HttpClient"/> called <see cref="HttpClientName"/> for each call.</summary>
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

        _http = new QStashHttp(http, options, timeProvider ?? TimeProvider.System);
        Messages = new MessagesApi(_http);
        UrlGroups = new UrlGroupsApi(_http);
        Queues = new QueuesApi(_http);
        Schedules = new SchedulesApi(_http);
        DeadLetterQueue = new DeadLetterQueueApi(_http);
        Logs = new LogsApi(_http);
        FlowControl = new FlowControlApi(_http);
        SigningKeys = new SigningKeysApi(_http);
    }

    /// <inheritdoc/>
    public IQStashMessages Messages { get; }

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
        ArgumentNullException.ThrowIfNull(message);

        var prefix = message.Queue is null ? "/v2/publish" : "/v2/enqueue/" + Grammar.Name(message.Queue, "Queue", nameof(message));
        var headers = PublishHeaders.Of(message, nameof(message));
        var request = QStashRequest.Post($"{prefix}/{Destination.Check(message.Destination, nameof(message))}") with
        {
            Resource = prefix,
            IsRepeatable = message.IsDeduplicated,
            Headers = headers,
            Content = MessageBody.Of(message.Body, message.ContentType, nameof(message))
        };

        var answer = await _http.SendAsync(request, QStashJson.Default.PublishAnswer, cancellationToken).ConfigureAwait(false);
        return answer.Error is null ? answer.Receipts : throw new QStashException($"QStash refused the message: {answer.Error}", error: answer.Error);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QStashBatchResult>> BatchAsync(IReadOnlyList<QStashMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
            return [];

        var request = QStashRequest.Post("/v2/batch") with
        {
            Content = BatchContent.Of(messages),
            IsRepeatable = messages.All(message => message.IsDeduplicated)
        };

        var answer = await _http.SendAsync(request, QStashJson.Default.BatchAnswer, cancellationToken).ConfigureAwait(false);
        if (answer.Items.Count != messages.Count)
            throw new QStashException($"QStash answered {answer.Items.Count} results for a batch of {messages.Count} messages, so they cannot be matched.");

        return [.. answer.Items.Select(item => new QStashBatchResult { Receipts = item.Receipts, Error = item.Error })];
    }
}
