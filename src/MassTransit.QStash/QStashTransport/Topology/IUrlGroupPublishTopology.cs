namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// Where a published message type goes, without its type parameter.
/// </summary>
interface IUrlGroupPublishTopology
{
    /// <summary>The URL group of the message type itself.</summary>
    string UrlGroup { get; }

    /// <summary>Whether derived types are not published to the type's group, nor to those of its base types.</summary>
    bool Exclude { get; }

    /// <summary>
    /// Every URL group a publish reaches: the type's own, and what its base types and interfaces reach, excluded ones left out.
    /// </summary>
    IReadOnlyList<string> UrlGroups { get; }
}
