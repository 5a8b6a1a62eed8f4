using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Runs before all middleware of the application and keeps it from changing deliveries: no middleware decodes a body before its signature
/// is checked, and none changes an answer.
/// </summary>
sealed class DeliveryFilter : IStartupFilter
{
    // Immutable and replaced as a whole, because each request of the application reads it.
    ImmutableArray<string> _paths = [];

    /// <summary>Adds a path at which routes are mapped.</summary>
    public void Add(string pathPrefix)
    {
        var path = pathPrefix.Length == 0 ? "/" : $"/{pathPrefix}/";

        ImmutableInterlocked.Update(ref _paths, paths => paths.Contains(path, StringComparer.OrdinalIgnoreCase) ? paths : paths.Add(path));
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Shield);
        next(app);
    };

    Task Shield(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;

        if (headers.ContainsKey("Upstash-Signature") && IsOurs(http.Request.Path.Value))
        {
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
    bool IsOurs(string? path)
    {
        foreach (var part in _paths)
        {
            if (path?.Contains(part, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }
}
