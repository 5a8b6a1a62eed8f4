using System.Collections.Immutable;
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
    // Immutable and replaced as a whole, because each request of the application reads it.
    ImmutableArray<(string Path, Func<string, bool> HasEndpoint)> _mapped = [];

    /// <summary>Adds a path below which endpoints are reached by their names.</summary>
    public void Add(string pathPrefix, Func<string, bool> hasEndpoint)
    {
        var path = pathPrefix.Length == 0 ? "/" : $"/{pathPrefix}/";

        ImmutableInterlocked.Update(ref _mapped, mapped => mapped.Add((path, hasEndpoint)));
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Shield);
        next(app);
    };

    Task Shield(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;

        if (headers.ContainsKey("Upstash-Signature") && IsOurs(http.Request.Path.Value ?? "", out var namesEndpoint))
        {
            // UseHttpsRedirection may come before the routes are known, and RoutePolicy too late.
            if (namesEndpoint && HttpMethods.IsPost(http.Request.Method))
                http.Request.Scheme = Uri.UriSchemeHttps;

            var delivery = new UntouchedDelivery { ContentEncoding = headers.ContentEncoding.ToString() };

            http.Features.Set(delivery);
            headers.ContentEncoding = default;

            // Callbacks run in reverse order, so this one is the last to run.
            http.Response.OnStarting(() =>
            {
                delivery.Answer?.ApplyTo(http.Response);
                return Task.CompletedTask;
            });
        }

        return next(http);
    }

    // The path may begin with the prefix of a route group, or with a path base that is not removed yet.
    bool IsOurs(string requestPath, out bool namesEndpoint)
    {
        var isOurs = false;
        namesEndpoint = false;

        foreach (var (path, hasEndpoint) in _mapped)
        {
            var start = requestPath.LastIndexOf(path, StringComparison.OrdinalIgnoreCase);
            if (start < 0)
                continue;

            isOurs = true;
            namesEndpoint |= hasEndpoint(requestPath[(start + path.Length)..]);
        }

        return isOurs;
    }
}
