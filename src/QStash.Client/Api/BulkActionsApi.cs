namespace QStash.Client;

sealed class BulkActionsApi(QStashHttp http, TimeProvider time) : IQStashBulkActions
{
    const string Collection = "/v2/bulkActions";
    const int MaxCount = 1000;

    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public Task<QStashBulkAction?> GetAsync(string actionId, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(actionId)), QStashJson.Default.QStashBulkAction, cancellationToken);

    public async Task<QStashPage<QStashBulkAction>> ListAsync(
        QStashBulkActionState? state = null, string? cursor = null, int? count = null, CancellationToken cancellationToken = default)
    {
        var query = new QueryString(nameof(state))
            .AddIfSet("state", state is { } wanted ? WordConverter<QStashBulkActionState>.ToWire(wanted) : null, "state")
            .Page(cursor, count, MaxCount);
        var request = QStashRequest.Get(Collection + query) with { Resource = Collection };
        var answer = await http.SendAsync(request, QStashJson.Default.BulkActionsAnswer, cancellationToken).ConfigureAwait(false);
        return Paging.Page(answer.BulkActions, answer.Cursor);
    }

    public IAsyncEnumerable<QStashBulkAction> ListAllAsync(QStashBulkActionState? state = null,
        CancellationToken cancellationToken = default) =>
        Paging.All((cursor, token) => ListAsync(state, cursor, cancellationToken: token), cancellationToken);

    public async Task<QStashBulkAction> WaitAsync(string actionId, CancellationToken cancellationToken = default)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var action = await http.SendAsync(QStashRequest.Get(Path(actionId)), QStashJson.Default.QStashBulkAction, cancellationToken)
                .ConfigureAwait(false);
            if (action.State == QStashBulkActionState.Finished || action.CompletedAt is not null)
                return action;

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    static string Path(string actionId) => Collection + "/" + Grammar.Id(actionId, "The action id", nameof(actionId));
}
