using System.Net;
using System.Net.Sockets;

namespace MassTransit.QStash.Analyzers;

/// <summary>Whether QStash could reach a host from the internet; the transport asks the same when it starts.</summary>
static class PublicHost
{
    static readonly string[] PrivateSuffixes =
    [
        ".localhost", ".local", ".localdomain", ".internal", ".home.arpa", ".lan", ".svc", ".corp", ".home", ".intranet", ".private",
    ];

    // Names that never lead anywhere, for tests and texts (RFC 6761).
    static readonly string[] MadeUpSuffixes = [".test", ".example", ".invalid"];

    public static bool IsMadeUp(string host) => MadeUpSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a host is this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    public static bool IsPrivate(Uri address)
    {
        var host = address.DnsSafeHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var ip))
            return IsPrivate(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip);

        return !host.Contains('.') || PrivateSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    static bool IsPrivate(IPAddress ip)
    {
        var bytes = ip.GetAddressBytes();
        return ip.AddressFamily == AddressFamily.InterNetworkV6
            ? IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.IPv6Any) || ip.IsIPv6LinkLocal || (bytes[0] & 0xfe) == 0xfc
            : (bytes[0], bytes[1]) is (0, _) or (10, _) or (127, _) or (100, >= 64 and <= 127) or (169, 254) or (172, >= 16 and <= 31)
                or (192, 168);
    }
}
