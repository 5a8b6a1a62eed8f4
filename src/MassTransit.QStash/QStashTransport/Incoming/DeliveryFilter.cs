using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Runs before all middleware of the application and keeps it from changing deliveries: no middleware decodes a body before its signature
/// is checked, none redirects a delivery to https, and none changes an answer.
/// </summary>
sealed class DeliveryFilter : IStartupFilter
{
    // Replaced as a whole, because each request of the application reads it.
    volatile (string Path, Func<string, Uri?> FindEndpoint)[] _mapped = [];

    readonly Lock _lock = new();

    /// <summary>Adds a path below which endpoints are reached by their names.</summary>
    /// <param name="pathPrefix">The path, without slashes at its ends; empty for none.</param>
    /// <param name="findEndpoint">Finds the public address of the endpoint with a name.</param>
    public void Add(string pathPrefix, Func<string, Uri?> findEndpoint)
    {
        var path = pathPrefix.Length == 0 ? "/" : $"/{pathPrefix}/";

        lock (_lock)
            _mapped = [.. _mapped, (path, findEndpoint)];
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Shield);
        next(app);
    };

    Task Shield(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;

        if (headers.ContainsKey("Upstash-Signature") && IsOurs(http.Request.Path.Value ?? "", out var isEndpoint))
        {
            // UseHttpsRedirection may come before the routes are known, and RoutePolicy too late.
            if (isEndpoint && HttpMethods.IsPost(http.Request.Method))
                http.Request.Scheme = Uri.UriSchemeHttps;

            var delivery = new UntouchedDelivery(http.Response, headers.ContentEncoding.ToString());

            http.Features.Set(delivery);
            headers.ContentEncoding = default;

            // Callbacks run in reverse order, so this one is the last to run.
            http.Response.OnStarting(UntouchedDelivery.ApplyAnswer, delivery);
        }

        return next(http);
    }

    // The path may begin with the prefix of a route group, or with a path base that is not removed yet.
    bool IsOurs(string requestPath, out bool isEndpoint)
    {
        var isOurs = false;
        isEndpoint = false;

        foreach (var (path, findEndpoint) in _mapped)
        {
            var start = requestPath.LastIndexOf(path, StringComparison.OrdinalIgnoreCase);
            if (start < 0)
                continue;

            isOurs = true;

            // The header is not signed, so a route of the application that only ends like ours must not count. Without a prefix it might be
            // the same path.
            isEndpoint |= path != "/" && findEndpoint(requestPath[(start + path.Length)..]) is { } address
                && (start == 0 || requestPath.Equals(address.AbsolutePath, StringComparison.OrdinalIgnoreCase));
        }

        return isOurs;
    }
}
