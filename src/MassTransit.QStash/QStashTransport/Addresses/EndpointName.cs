using System.Text.RegularExpressions;
using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Names of receive endpoints, which are segments of URLs.
/// </summary>
static partial class EndpointName
{
    /// <summary>
    /// The name in an address such as <c>queue:name</c>. What other transports write behind it, such as <c>?durable=false</c>, has no
    /// meaning here.
    /// </summary>
    /// <exception cref="ArgumentException">It names no receive endpoint.</exception>
    public static string Read(Uri address)
    {
        if (!address.IsAbsoluteUri)
            throw new ArgumentException($"'{address}' is not an absolute address. For a receive endpoint, write 'queue:' and its name.",
                nameof(address));

        var name = address.AbsolutePath.Trim('/');

        return LegalName.IsEndpoint(name) && address.Host.Length == 0
            ? name
            : throw new ArgumentException($"'{PublicAddress.Show(address)}' does not name a receive endpoint: {LegalName.Rule} after "
            + $"'{address.Scheme}:'.", nameof(address));
    }

    /// <summary>
    /// Whether a name that nobody here has looks like one MassTransit makes up for an endpoint of one process: machine, process, tag and
    /// an id. It decides about a log entry and the time of the next attempt. Of an own endpoint it is known.
    /// </summary>
    public static bool LooksTemporary(string name) => TemporaryName().IsMatch(name);

    [GeneratedRegex("_[a-z0-9]{26}$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();
}
