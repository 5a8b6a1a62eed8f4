namespace QStash.Client;

sealed class FlowControlApi(QStashHttp http) : IQStashFlowControl
{
    public async Task<IReadOnlyList<QStashFlowControlKey>> ListAsync(string? search = null, CancellationToken cancellationToken = default)
    {
        var query = new QueryString(nameof(search)).AddIfSet("search", search, nameof(search));
        var request = QStashRequest.Get("/v2/flowControl" + query) with { Resource = "/v2/flowControl" };
        return await http.SendAsync(request, QStashJson.Default.ListQStashFlowControlKey, cancellationToken).ConfigureAwait(false);
    }

    public Task<QStashFlowControlKey?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(key, nameof(key))), QStashJson.Default.QStashFlowControlKey, cancellationToken);

    public Task PauseAsync(string key, CancellationToken cancellationToken = default) =>
        PostAsync(Path(key, nameof(key)) + "/pause", cancellationToken);

    public Task ResumeAsync(string key, CancellationToken cancellationToken = default) =>
        PostAsync(Path(key, nameof(key)) + "/resume", cancellationToken);

    public Task PinAsync(QStashFlowControlSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);

        var query = new QueryString(nameof(settings));
        foreach (var (name, value) in FlowControlValue.Of(settings, nameof(settings)))
            query.Add(name, value);

        return PostAsync(Path(settings.Key, nameof(settings)) + "/pin" + query, cancellationToken);
    }

    public Task UnpinAsync(string key, bool parallelism = true, bool rate = true, CancellationToken cancellationToken = default)
    {
        var path = Path(key, nameof(key));
        if (!parallelism && !rate)
            throw new ArgumentException("Neither parallelism nor rate would be unpinned. Choose at least one.", nameof(parallelism));

        return PostAsync($"{path}/unpin?parallelism={Text(parallelism)}&rate={Text(rate)}", cancellationToken);
    }

    public Task ResetRateAsync(string key, CancellationToken cancellationToken = default) =>
        PostAsync(Path(key, nameof(key)) + "/resetRate", cancellationToken);

    public Task<QStashGlobalParallelism> GetGlobalParallelismAsync(CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Get("/v2/globalParallelism"), QStashJson.Default.QStashGlobalParallelism, cancellationToken).AsTask();

    Task PostAsync(string path, CancellationToken cancellationToken) =>
        http.SendAsync(QStashRequest.Post(path).Repeatable(), ignoreNotFound: false, cancellationToken);

    static string Path(string key, string parameter) => "/v2/flowControl/" + Uri.EscapeDataString(Grammar.FlowControlKey(key, parameter));

    static string Text(bool value) => value ? "true" : "false";
}
