namespace QStash.Emulator.Http;

/// <summary>
/// Refuses a call that destroys one thing when it has a parameter: there is none, and the caller may take it for a condition.
/// Calls with filters look at their parameters themselves.
/// </summary>
sealed class DestructiveCalls(RequestDelegate next)
{
    static readonly string[] WithFilters = ["/v2/messages", "/v2/dlq"];

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimEnd('/');
        if (IsDestructive(context.Request.Method, path)
            && context.Request.Query.Keys.FirstOrDefault(static name => !name.Equals("qstash_token", StringComparison.OrdinalIgnoreCase)) is { } unknown)
        {
            throw ApiException.BadRequest($"unknown parameter '{unknown}'");
        }

        return next(context);
    }

    static bool IsDestructive(string method, string path) =>
        path.StartsWith("/v2/", StringComparison.OrdinalIgnoreCase)
        && (HttpMethods.IsDelete(method) || (HttpMethods.IsPost(method) && path.EndsWith("/rotate", StringComparison.OrdinalIgnoreCase)))
        && !WithFilters.Contains(path, StringComparer.OrdinalIgnoreCase);
}
