namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// Where a published message type goes, without its type parameter.
/// </summary>
interface IUrlGroupPublishTopology
{
    /// <summary>The URL group of the message type itself.</summary>
    string UrlGroup { get; }

    /// <summary>Whether nothing is published to the type's own group.</summary>
    bool Exclude { get; }

    /// <summary>
    /// Every URL group a publish reaches: the type's own and those of its base types and interfaces, excluded ones left out.
    /// </summary>
    IReadOnlyList<string> UrlGroups { get; }
}
