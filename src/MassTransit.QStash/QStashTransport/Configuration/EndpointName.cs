using MassTransit.QStashTransport.Topology;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// Names of receive endpoints, which are segments of URLs.
/// </summary>
static class EndpointName
{
    // Characters that neither a proxy nor .NET rewrites in a path: the signature covers the URL to the letter. The segments
    // "." and ".." would be resolved away.
    public static bool IsLegal(string? name) => UrlGroupName.IsLegal(name) && name is not ("." or "..");
}
