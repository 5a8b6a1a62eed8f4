namespace QStash.Client;

sealed class LogsApi(QStashHttp http) : IQStashLogs
{
    // Not the documented /v2/logs: this is the one every SDK uses against the live service.
    const string Collection = "/v2/events";

    public async Task<QStashPage<QStashLogEntry>> ListAsync(QStashLogFilter? filter = null, string? cursor = null, int? count = null,
        CancellationToken cancellationToken = default)
    {
        var request = QStashRequest.Get(Collection + Query(filter ?? new()).Page(cursor, count, maximum: 1000))
            with { Resource = Collection };
        var answer = await http.SendAsync(request, QStashJson.Default.LogsAnswer, cancellationToken).ConfigureAwait(false);
        return Paging.Page(answer.Events ?? answer.Logs, answer.Cursor);
    }

    public IAsyncEnumerable<QStashLogEntry> ListAllAsync(QStashLogFilter? filter = null, CancellationToken cancellationToken = default) =>
        Paging.All((cursor, token) => ListAsync(filter, cursor, cancellationToken: token), cancellationToken);

    static QueryString Query(QStashLogFilter filter)
    {
        if (filter.State is QStashMessageState.Unknown)
            throw new ArgumentException("State Unknown cannot be searched for. Choose another state, or null for all.", nameof(filter));

        return new QueryString(nameof(filter))
            .Add("messageIds", filter.MessageIds, "MessageIds")
            .AddIfSet("state", filter.State is { } state ? WordConverter<QStashMessageState>.ToWire(state) : null, "State")
            .Add("url", filter.Urls, "Urls")
            .Add("topicName", filter.UrlGroups, "UrlGroups")
            .Add("scheduleId", filter.ScheduleIds, "ScheduleIds")
            .Add("queueName", filter.Queues, "Queues")
            .Add("label", filter.Labels, "Labels")
            .Add("flowControlKey", filter.FlowControlKeys, "FlowControlKeys")
            .Add("fromDate", filter.From)
            .Add("toDate", filter.To);
    }
}
