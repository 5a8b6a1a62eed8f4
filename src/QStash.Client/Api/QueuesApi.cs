namespace QStash.Client;

sealed class QueuesApi(QStashHttp http) : IQStashQueues
{
    public Task UpsertAsync(string name, int parallelism = 1, bool? paused = null, CancellationToken cancellationToken = default)
    {
        var body = new QueueBody(
            Grammar.Name(name, "The queue name", nameof(name)),
            Grammar.Count(parallelism, 1, "The parallelism", nameof(parallelism)),
            paused);

        var request = QStashRequest.Post("/v2/queues").Repeatable() with { Content = JsonBody.Of(body, QStashJson.Default.QueueBody) };
        return http.SendAsync(request, ignoreNotFound: false, cancellationToken);
    }

    public async Task<IReadOnlyList<QStashQueue>> ListAsync(CancellationToken cancellationToken = default) =>
        await http.SendAsync(QStashRequest.Get("/v2/queues"), QStashJson.Default.ListQStashQueue, cancellationToken).ConfigureAwait(false);

    public Task<QStashQueue?> GetAsync(string name, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(name)), QStashJson.Default.QStashQueue, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Delete(Path(name)).Repeatable(), ignoreNotFound: true, cancellationToken);

    public Task PauseAsync(string name, CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Post(Path(name) + "/pause").Repeatable(), ignoreNotFound: false, cancellationToken);

    public Task ResumeAsync(string name, CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Post(Path(name) + "/resume").Repeatable(), ignoreNotFound: false, cancellationToken);

    static string Path(string name) => "/v2/queues/" + Grammar.Name(name, "The queue name", nameof(name));
}
