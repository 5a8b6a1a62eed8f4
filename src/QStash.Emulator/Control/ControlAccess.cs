using System.Net;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;

namespace QStash.Emulator.Control;

/// <summary>
/// Serves <c>/emulator</c> only when an option asks for it, and only to programs of this machine. It takes no token, because the
/// tokens are public. It keeps out web pages that are open in a browser here, since they can send requests to loopback.
/// </summary>
sealed class ControlAccess(RequestDelegate next, bool enabled)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/emulator", StringComparison.OrdinalIgnoreCase))
            return next(context);

        if (!enabled)
            throw ApiException.NotFound("the control surface is off: start the emulator with --control, or with the option EnableControl");

        if (context.Connection.RemoteIpAddress is not { } caller || !IPAddress.IsLoopback(caller))
            throw Forbidden("it is answered on connections from this machine only");

        // Browsers name the site of the page here, in every request that can change something.
        string? origin = context.Request.Headers.Origin;
        var own = $"{context.Request.Scheme}://{context.Request.Host}";

        if (!string.IsNullOrEmpty(origin) && !origin.Equals(own, StringComparison.OrdinalIgnoreCase))
            throw Forbidden("it is not answered to web pages of other sites");

        // Otherwise anybody who can publish could control the emulator.
        if (context.Request.Headers.ContainsKey("Upstash-Signature"))
            throw Forbidden("QStash messages are not accepted here");

        // Another site may have made its name resolve to 127.0.0.1.
        return WebSites.IsThisMachine(context.Request.Host.Host)
            ? next(context)
            : throw Forbidden("the host has to be localhost or a loopback address");
    }

    static ApiException Forbidden(string why) => new(StatusCodes.Status403Forbidden, "the control surface refuses: " + why);
}
