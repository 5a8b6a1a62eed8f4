using System.Text.RegularExpressions;
using MassTransit.QStashTransport.Topology;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// Names of receive endpoints, which are segments of URLs.
/// </summary>
static partial class EndpointName
{
    /// <summary>The longest name, in characters: that of a queue of RabbitMQ.</summary>
    public const int MaxLength = 255;

    // Characters that neither a proxy nor .NET rewrites in a path: the signature covers the URL to the letter. The segments
    // "." and ".." would be resolved away.
    public static bool IsLegal(string? name) => UrlGroupName.IsLegal(name) && name is not ("." or "..");

    /// <summary>Whether MassTransit made up the name for an endpoint of one process: machine, process, tag and an id.</summary>
    public static bool IsTemporary(string name) => TemporaryName().IsMatch(name);

    [GeneratedRegex("_[a-z0-9]{26}$", RegexOptions.CultureInvariant)]
    private static partial Regex TemporaryName();
}
