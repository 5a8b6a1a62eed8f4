namespace QStash.Client;

// The wire says "topics".
sealed class UrlGroupsApi(QStashHttp http) : IQStashUrlGroups
{
    public async Task<IReadOnlyList<QStashUrlGroup>> ListAsync(CancellationToken cancellationToken = default) =>
        await http.SendAsync(QStashRequest.Get("/v2/topics"), QStashJson.Default.ListQStashUrlGroup,
            cancellationToken).ConfigureAwait(false);

    public Task<QStashUrlGroup?> GetAsync(string name, CancellationToken cancellationToken = default) =>
        http.FindAsync(QStashRequest.Get(Path(name)), QStashJson.Default.QStashUrlGroup, cancellationToken);

    public Task UpsertEndpointsAsync(string name, IReadOnlyList<QStashEndpoint> endpoints, CancellationToken cancellationToken = default)
    {
        var path = Path(name) + "/endpoints";
        CheckNotEmpty(endpoints);
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Url is null || !endpoint.Url.Contains("://", StringComparison.Ordinal))
                throw new ArgumentException("An endpoint has no absolute http or https URL. Set Url.", nameof(endpoints));

            Destination.Check(endpoint.Url, nameof(endpoints));
        }

        return http.SendAsync(QStashRequest.Post(path).Repeatable() with { Content = Body(endpoints) }, ignoreNotFound: false,
            cancellationToken);
    }

    public Task RemoveEndpointsAsync(string name, IReadOnlyList<QStashEndpoint> endpoints, CancellationToken cancellationToken = default)
    {
        var path = Path(name) + "/endpoints";
        CheckNotEmpty(endpoints);
        if (endpoints.Any(endpoint => string.IsNullOrWhiteSpace(endpoint.Url) && string.IsNullOrWhiteSpace(endpoint.Name)))
            throw new ArgumentException("An endpoint has neither Url nor Name. Set one of them.", nameof(endpoints));

        return http.SendAsync(QStashRequest.Delete(path).Repeatable() with { Content = Body(endpoints) }, ignoreNotFound: false,
            cancellationToken);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        http.SendAsync(QStashRequest.Delete(Path(name)).Repeatable(), ignoreNotFound: true, cancellationToken);

    public Task SetDefaultHeadersAsync(string name, IReadOnlyDictionary<string, string> headers,
        CancellationToken cancellationToken = default)
    {
        var path = Path(name);
        ArgumentNullException.ThrowIfNull(headers);
        foreach (var (header, value) in headers)
        {
            Grammar.HeaderName(header, nameof(headers), nameof(headers));
            Grammar.HeaderValue(value, $"headers[{header}]", nameof(headers));
        }

        var content = JsonBody.Of(new DefaultHeadersBody(headers), QStashJson.Default.DefaultHeadersBody);
        return http.SendAsync(new QStashRequest(HttpMethod.Patch, path) { Content = content, IsRepeatable = true }, ignoreNotFound: false,
            cancellationToken);
    }

    static string Path(string name) => "/v2/topics/" + Grammar.Name(name, "The URL group name", nameof(name));

    static ReadOnlyMemoryContent Body(IReadOnlyList<QStashEndpoint> endpoints) =>
        JsonBody.Of(new EndpointsBody(endpoints), QStashJson.Default.EndpointsBody);

    static void CheckNotEmpty(IReadOnlyList<QStashEndpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.Count == 0)
            throw new ArgumentException("There are no endpoints. Name at least one.", nameof(endpoints));
    }
}
