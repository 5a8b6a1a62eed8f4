using QStash.Emulator.Errors;

namespace QStash.Emulator.Http;

/// <summary>
/// Refuses parameters of calls that delete one resource. These calls have no parameters, and a caller may believe that one is a condition.
/// Calls with filters check their parameters themselves.
/// </summary>
sealed class DestructiveCalls(RequestDelegate next)
{
    static readonly string[] WithFilters = ["/v2/messages", "/v2/dlq"];

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimEnd('/');
        if (IsDestructive(context.Request.Method, path)
            && context.Request.Query.Keys.FirstOrDefault(IsNoToken) is { } unknown)
        {
            throw ApiException.BadRequest($"unknown parameter '{unknown}'");
        }

        return next(context);
    }

    static bool IsNoToken(string name) => !name.Equals("qstash_token", StringComparison.OrdinalIgnoreCase);

    static bool IsDestructive(string method, string path) =>
        path.StartsWith("/v2/", StringComparison.OrdinalIgnoreCase)
        && (HttpMethods.IsDelete(method) || (HttpMethods.IsPost(method) && path.EndsWith("/rotate", StringComparison.OrdinalIgnoreCase)))
        && !WithFilters.Contains(path, StringComparer.OrdinalIgnoreCase);
}
