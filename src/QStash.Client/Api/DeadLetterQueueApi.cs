using System.Globalization;

namespace QStash.Client;

sealed class DeadLetterQueueApi(QStashHttp http) : IQStashDeadLetterQueue
{
    const string Collection = "/v2/dlq";

    public async Task<QStashPage<QStashDeadLetter>> ListAsync(QStashDeadLetterFilter? filter = null, string? cursor = null,
        int? count = null, CancellationToken cancellationToken = default)
    {
        var query = (filter is null || IsEmpty(filter) ? new QueryString(nameof(filter)) : Query(filter))
            .Page(cursor, count, maximum: 100);

        var request = QStashRequest.Get(Collection + query) with { Resource = Collection };
        var answer = await http.SendAsync(request, QStashJson.Default.DeadLettersAnswer, cancellationToken).ConfigureAwait(false);
        return Paging.Page(answer.Messages, answer.Cursor);
    }

    public IAsyncEnumerable<QStashDeadLetter> ListAllAsync(QStashDeadLetterFilter? filter = null,
        CancellationToken cancellationToken = default) =>
        Paging.All((cursor, token) => ListAsync(filter, cursor, cancellationToken: token), cancellationToken);

    public Task<QStashDeadLetter?> GetAsync(string dlqId, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(dlqId)), QStashJson.Default.QStashDeadLetter, cancellationToken);

    public Task<bool> DeleteAsync(string dlqId, CancellationToken cancellationToken = default) =>
        http.TrySendAsync(QStashRequest.Delete(Path(dlqId)).Repeatable(), cancellationToken);

    public async Task<int> DeleteAsync(QStashDeadLetterFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);

        var deleted = 0;
        string? cursor = null;
        do
        {
            var request = QStashRequest.Delete(Collection + Query(filter).Page(cursor, null, 100)) with { Resource = Collection };
            var answer = await http.SendAsync(request, QStashJson.Default.DeleteAnswer, cancellationToken).ConfigureAwait(false);
            deleted += answer.Deleted;
            cursor = Paging.Next(answer.Cursor, cursor);
        }
        while (cursor is not null);

        return deleted;
    }

    // Not repeatable: if the answer was lost, the entry is already gone and its message published.
    public Task<QStashReceipt> RetryAsync(string dlqId, QStashMessageSettings? newSettings = null,
        CancellationToken cancellationToken = default)
    {
        var path = Collection + "/retry/" + Grammar.Id(dlqId, "The dead letter id", nameof(dlqId));

        // If QStash kept the deduplication id of the failed message, it would drop the new message as a copy, and remove the entry too.
        var headers = Headers(newSettings);
        headers.Add("Upstash-Deduplication-Id", $"retry-{dlqId}");

        var request = QStashRequest.Post(path) with { Headers = headers };
        return http.SendAsync(request, QStashJson.Default.QStashReceipt, cancellationToken).AsTask();
    }

    public async Task<QStashPage<QStashReceipt>> RetryAsync(QStashDeadLetterFilter filter, QStashMessageSettings? newSettings = null,
        string? cursor = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);

        var request = QStashRequest.Post(Collection + "/retry" + Query(filter).Page(cursor, null, 100)) with
        {
            Resource = Collection + "/retry",
            Headers = Headers(newSettings)
        };

        var answer = await http.SendAsync(request, QStashJson.Default.RetryAnswer, cancellationToken).ConfigureAwait(false);
        return Paging.Page(answer.Responses, answer.Cursor);
    }

    static PublishHeaders Headers(QStashMessageSettings? settings) =>
        PublishHeaders.Of(settings ?? new QStashMessageSettings(), nameof(settings));

    static string Path(string dlqId) => Collection + "/" + Grammar.Id(dlqId, "The dead letter id", nameof(dlqId));

    static bool IsEmpty(QStashDeadLetterFilter filter) => Ids(filter).IsEmpty && Others(filter).IsEmpty;

    static QueryString Query(QStashDeadLetterFilter filter) => QueryString.OneOf(Ids(filter), Others(filter), "DlqIds", nameof(filter));

    static QueryString Ids(QStashDeadLetterFilter filter) => new QueryString(nameof(filter)).Add("dlqIds", filter.DlqIds, "DlqIds");

    // The server answers an unknown parameter with an error.
    static QueryString Others(QStashDeadLetterFilter filter) =>
        new QueryString(nameof(filter))
            .AddIfSet("messageId", filter.MessageId, "MessageId")
            .Add("url", filter.Urls, "Urls")
            .Add("topicName", filter.UrlGroups, "UrlGroups")
            .Add("scheduleId", filter.ScheduleIds, "ScheduleIds")
            .Add("queueName", filter.Queues, "Queues")
            .Add("callerIp", filter.CallerIps, "CallerIps")
            .Add("label", filter.Labels, "Labels")
            .Add("flowControlKey", filter.FlowControlKeys, "FlowControlKeys")
            .Add("responseStatus", [.. filter.ResponseStatuses.Select(status => status.ToString(CultureInfo.InvariantCulture))],
                "ResponseStatuses")
            .Add("fromDate", filter.From)
            .Add("toDate", filter.To);
}
