namespace QStash.Client;

sealed class MessagesApi(QStashHttp http, IQStashBulkActions actions) : IQStashMessages
{
    public Task<QStashMessageInfo?> GetAsync(string messageId, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(messageId)), QStashJson.Default.QStashMessageInfo, cancellationToken);

    // The body of the answer is not read, because it varies: {"cancelled":1} or "OK".
    public Task<bool> CancelAsync(string messageId, CancellationToken cancellationToken = default) =>
        http.TrySendAsync(QStashRequest.Delete(Path(messageId)).Repeatable(), cancellationToken);

    public async Task<int> CancelAsync(QStashMessageFilter filter, CancellationToken cancellationToken = default)
    {
        var cancel = await StartCancelAsync(filter, cancellationToken).ConfigureAwait(false);
        if (cancel.ActionId is { } id)
            await actions.WaitAsync(id, cancellationToken).ConfigureAwait(false);

        return cancel.Cancelled;
    }

    public async Task<QStashBulkCancel> StartCancelAsync(QStashMessageFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);

        var query = Query(filter);
        var isBulkAction = filter.MessageIds.Count == 0;
        if (isBulkAction)
            query.Add("async", "true");

        var request = QStashRequest.Delete("/v2/messages" + query) with { Resource = "/v2/messages", IsBulkAction = isBulkAction };
        var answer = await http.SendAsync(request, QStashJson.Default.CancelAnswer, cancellationToken).ConfigureAwait(false);
        return new QStashBulkCancel { Cancelled = answer.Cancelled, ActionId = answer.ActionId };
    }

    // Not repeatable: if the answer was lost, the message may have failed again, and a repeat would trigger its next retry too.
    public Task<bool> DeliverNowAsync(string messageId, CancellationToken cancellationToken = default) =>
        http.TrySendAsync(QStashRequest.Post(Path(messageId) + "/retry"), cancellationToken);

    static string Path(string messageId) => "/v2/messages/" + Grammar.Id(messageId, "The message id", nameof(messageId));

    static QueryString Query(QStashMessageFilter filter)
    {
        var ids = new QueryString(nameof(filter)).Add("messageIds", filter.MessageIds, "MessageIds");
        var others = new QueryString(nameof(filter))
            .Add("topicName", filter.UrlGroups, "UrlGroups")
            .Add("queueName", filter.Queues, "Queues")
            .Add("url", filter.Urls, "Urls")
            .Add("host", filter.Hosts, "Hosts")
            .Add("path", filter.Paths, "Paths")
            .Add("label", filter.Labels, "Labels")
            .Add("flowControlKey", filter.FlowControlKeys, "FlowControlKeys")
            .Add("scheduleId", filter.ScheduleIds, "ScheduleIds")
            .Add("callerIp", filter.CallerIps, "CallerIps")
            .Add("fromDate", filter.From)
            .Add("toDate", filter.To);

        return QueryString.OneOf(ids, others, "MessageIds", nameof(filter));
    }
}
