using System.Net;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Tells whether QStash could reach an address from the internet.
/// </summary>
static class PublicAddress
{
    // Names that no public DNS answers (RFC 6761, 6762, 8375, and names that ICANN reserves), and names that clusters and offices use. The
    // analyzers have the same list, and a test compares the two.
    static readonly string[] PrivateSuffixes =
    [
        ".localhost", ".local", ".localdomain", ".internal", ".home.arpa", ".lan", ".svc", ".corp", ".home", ".intranet", ".private",
    ];

    /// <summary>
    /// Whether an absolute address has a host that cannot be reached from the internet.
    /// </summary>
    public static bool IsPrivate(Uri address)
    {
        if (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var ip))
            return IsPrivate(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip);

        var host = address.IdnHost.TrimEnd('.');

        return !host.Contains('.', StringComparison.Ordinal)
            || PrivateSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The address without the user and password that it may contain.</summary>
    public static string Show(Uri address) => address.IsAbsoluteUri
        ? address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped)
        : address.ToString();

    static bool IsPrivate(IPAddress ip) => PrivateNetworks.All.Any(network =>
        network.BaseAddress.AddressFamily == ip.AddressFamily && network.Contains(ip));

    // In a class of its own, so that a service with a name and no IP address does not parse them at its start.
    static class PrivateNetworks
    {
        public static readonly IPNetwork[] All =
        [
            IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
            IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
            IPNetwork.Parse("::/128"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
        ];
    }
}
