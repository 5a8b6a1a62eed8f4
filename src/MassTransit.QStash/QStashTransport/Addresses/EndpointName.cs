using System.Text.RegularExpressions;
using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Addresses;

/// <summary>
/// Names of receive endpoints, which are segments of URLs.
/// </summary>
static partial class EndpointName
{
    /// <summary>
    /// The name in an address such as <c>queue:name</c>. Options of other transports, such as <c>?durable=false</c>, are ignored.
    /// </summary>
    /// <exception cref="ArgumentException">The address does not name a receive endpoint.</exception>
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
    /// Whether the name of an endpoint of another process looks like one that MassTransit generates for a temporary endpoint: machine,
    /// process, tag and an id. It affects only a log entry and the time of the next attempt. This bus's own endpoints know whether they are
    /// temporary.
    /// </summary>
    public static bool LooksTemporary(string name) => TemporaryName().IsMatch(name);

    [GeneratedRegex("_[a-z0-9]{26}$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();
}
