using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace QStash.Emulator.Http;

/// <summary>The names the emulator answers to, and the web pages that may call it.</summary>
sealed class WebSites(QStashEmulatorOptions options)
{
    /// <summary>Upstash's console, which shows a local server.</summary>
    const string Console = "https://console.upstash.com";
    const string Any = "*";

    // Whoever listens beyond loopback is called by the addresses of the machine; an address cannot be made to resolve to another one.
    readonly bool _anyAddress = !IPAddress.IsLoopback(options.Address);

    /// <summary>Whether a name or an address is one of this machine.</summary>
    public static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The console, and pages that are served from this machine: they may call the API, with a token in a header.</summary>
    public static bool IsKnown(string origin) =>
        origin == Console || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback);

    /// <summary>Whether the emulator answers to a host. A request without one, of HTTP 1.0, does not come from a browser.</summary>
    public bool IsHost(string host) =>
        host.Length == 0
        || IsThisMachine(host)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (_anyAddress && IPAddress.TryParse(host, out _))
        || Contains(options.AllowedHosts, host);

    /// <summary>Whether the options let the pages of an origin in.</summary>
    public bool IsAllowed(string origin) => Contains(options.AllowedOrigins, origin.TrimEnd('/'));

    /// <summary>What browsers are told about pages of other origins.</summary>
    public void Configure(CorsPolicyBuilder policy) => policy
        .SetIsOriginAllowed(origin => IsKnown(origin) || IsAllowed(origin))
        .AllowAnyHeader()
        .AllowAnyMethod();

    static bool Contains(IReadOnlyCollection<string> allowed, string value) =>
        allowed.Any(entry => entry == Any || entry.TrimEnd('/').Equals(value, StringComparison.OrdinalIgnoreCase));
}
