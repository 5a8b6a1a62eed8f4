using QStash.Emulator.Errors;

namespace QStash.Emulator.Http;

/// <summary>
/// Refuses requests of web pages of other sites, on every path. A page that is open in a browser here can send requests to loopback,
/// and the tokens of the emulator are public.
/// </summary>
sealed class WebAccess(RequestDelegate next, WebSites sites)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var host = ReadHost(request);
        // Another site may have made its name resolve to this machine. Then its page has the same origin, and sends no Origin.
        if (host is null)
            throw Forbidden("the host is not a name");
        if (!sites.IsHost(host))
        {
            throw Forbidden($"the host '{host}' is not known here; to answer to that name, start the emulator with --allow-host {host}, "
                + $"or add it to {nameof(QStashEmulatorOptions)}.{nameof(QStashEmulatorOptions.AllowedHosts)}");
        }

        string? origin = request.Headers.Origin;
        if (string.IsNullOrEmpty(origin))
        {
            return IsFromElsewhere(request)
                ? throw Forbidden("it is not answered to web pages of other sites")
                : next(context);
        }

        if (origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase) || sites.IsAllowed(origin))
            return next(context);

        if (!request.Path.StartsWithSegments("/v2", StringComparison.OrdinalIgnoreCase) || !WebSites.IsKnown(origin))
        {
            throw Forbidden($"it is not answered to web pages of '{origin}'; "
                + $"to let them in, start the emulator with --allow-origin {origin}, "
                + $"or add it to {nameof(QStashEmulatorOptions)}.{nameof(QStashEmulatorOptions.AllowedOrigins)}");
        }

        // A form can send a token in the URL to any site. A header needs a script, and for that the browser asks us first.
        return HttpMethods.IsOptions(request.Method) || Authentication.BearerToken(context) is not null
            ? next(context)
            : throw Forbidden("a web page of another origin has to send its token in the header Authorization");
    }

    /// <summary>
    /// Whether the request comes from a page of another site without an <c>Origin</c>, such as the request for an image. A link to the
    /// dashboard is allowed.
    /// </summary>
    static bool IsFromElsewhere(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        return !string.IsNullOrEmpty(site)
            && site is not ("same-origin" or "none")
            && !(HttpMethods.IsGet(request.Method)
                && request.Headers["Sec-Fetch-Mode"] == "navigate"
                && request.Headers["Sec-Fetch-Dest"] == "document");
    }

    /// <summary>The host without its port; null when it only looks like an international name.</summary>
    static string? ReadHost(HttpRequest request)
    {
        try
        {
            return request.Host.Host;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static ApiException Forbidden(string why) => new(StatusCodes.Status403Forbidden, "the emulator refuses: " + why);
}
