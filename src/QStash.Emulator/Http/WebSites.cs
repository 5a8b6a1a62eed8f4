using System.Net;

namespace QStash.Emulator.Http;

/// <summary>The names the emulator answers to, and the web pages that may call it.</summary>
sealed class WebSites(QStashEmulatorOptions options)
{
    /// <summary>Upstash's console, which shows a local server.</summary>
    const string Console = "https://console.upstash.com";
    const string Any = "*";

    // An emulator that listens beyond loopback is called by addresses of the machine. A site can forge a name but not an address.
    readonly bool _anyAddress = !IPAddress.IsLoopback(options.Address);

    /// <summary>Whether a name or an address is one of this machine.</summary>
    public static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Upstash's console, and pages served from this machine. They may call the API, with a token in a header.</summary>
    public static bool IsKnown(string origin) =>
        origin == Console
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (uri.IsLoopback || IsBelowLocalhost(uri.Host)));

    /// <summary>Whether the emulator answers to a host name. A request without one is HTTP 1.0, and no browser sends that.</summary>
    public bool IsHost(string host) =>
        host.Length == 0
        || IsThisMachine(host)
        || IsBelowLocalhost(host)
        || (_anyAddress && IPAddress.TryParse(host, out _))
        || Contains(options.AllowedHosts, host);

    /// <summary>Whether an option allows the pages of an origin.</summary>
    public bool IsAllowed(string origin) => Contains(options.AllowedOrigins, origin.TrimEnd('/'));

    // Browsers resolve these names to this machine themselves.
    static bool IsBelowLocalhost(string host) => host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    static bool Contains(IReadOnlyCollection<string> allowed, string value) =>
        allowed.Any(entry => entry == Any || entry.TrimEnd('/').Equals(value, StringComparison.OrdinalIgnoreCase));
}
