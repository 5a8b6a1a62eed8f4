using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Stands before all middleware of the application and keeps it from touching deliveries: nothing decodes a body before its
/// signature was checked, and nothing has the last word on an answer.
/// </summary>
sealed class DeliveryFilter : IStartupFilter
{
    // Replaced as a whole: each request of the application reads it.
    ImmutableArray<string> _paths = [];

    /// <summary>Tells where routes are mapped.</summary>
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

            // The first of these callbacks is the last to run.
            http.Response.OnStarting(() =>
            {
                delivery.Answer?.ApplyTo(http.Response);
                return Task.CompletedTask;
            });
        }

        return next(http);
    }

    // The routes may be in a group, or below a path base that is not taken off yet.
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
