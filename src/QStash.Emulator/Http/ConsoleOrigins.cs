using Microsoft.AspNetCore.Cors.Infrastructure;

namespace QStash.Emulator.Http;

/// <summary>
/// Which web pages may call the API from a browser: Upstash's console, which shows a local server (contract 9), and pages
/// of this machine. The development tokens are public, so any other page could read and publish with them.
/// </summary>
static class ConsoleOrigins
{
    const string Console = "https://console.upstash.com";

    public static void Allow(CorsPolicyBuilder policy) => policy
        .SetIsOriginAllowed(static origin => origin == Console || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback))
        .AllowAnyHeader()
        .AllowAnyMethod();
}
