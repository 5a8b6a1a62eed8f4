namespace QStash.Client;

// One call. Path starts with /v2 and is sent as it is; Resource is the part of it that may appear in an error.
sealed record QStashRequest(HttpMethod Method, string Path)
{
    public string Resource { get; init; } = Path;

    // Whether the call may be sent twice with the same effect as once.
    public bool IsRepeatable { get; init; }

    // Whether the call may start a bulk action, which has its own errors and may take a minute.
    public bool IsBulkAction { get; init; }

    public HttpContent? Content { get; init; }

    public List<KeyValuePair<string, string>>? Headers { get; init; }

    public static QStashRequest Get(string path) => new(HttpMethod.Get, path) { IsRepeatable = true };

    public static QStashRequest Post(string path) => new(HttpMethod.Post, path);

    public static QStashRequest Delete(string path) => new(HttpMethod.Delete, path);

    public QStashRequest Repeatable() => this with { IsRepeatable = true };
}
