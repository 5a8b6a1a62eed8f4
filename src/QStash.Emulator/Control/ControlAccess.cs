using System.Net;
using QStash.Emulator.Http;

namespace QStash.Emulator.Control;

/// <summary>
/// Answers <c>/emulator</c> only when it was asked for, and only to programs of this machine. It takes no token: those are
/// public. What has to be kept out instead is a web page open in a browser here, which can send requests to loopback.
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

        // A page of another site names it here, in every request that can change something.
        string? origin = context.Request.Headers.Origin;
        if (!string.IsNullOrEmpty(origin) && !origin.Equals($"{context.Request.Scheme}://{context.Request.Host}", StringComparison.OrdinalIgnoreCase))
            throw Forbidden("it is not answered to web pages of other sites");

        // Whoever can publish would control the emulator otherwise. How the destination was written does not matter here.
        if (context.Request.Headers.ContainsKey("Upstash-Signature"))
            throw Forbidden("nothing is delivered to it");

        // The name of another site may have been made to resolve to 127.0.0.1.
        return WebSites.IsThisMachine(context.Request.Host.Host) ? next(context) : throw Forbidden("the host has to be localhost or a loopback address");
    }

    static ApiException Forbidden(string why) => new(StatusCodes.Status403Forbidden, "the control surface refuses: " + why);
}
