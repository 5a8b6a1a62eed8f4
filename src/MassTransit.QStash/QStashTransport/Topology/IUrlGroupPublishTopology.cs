namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// The publish topology of a message type, without its type parameter.
/// </summary>
interface IUrlGroupPublishTopology
{
    /// <summary>The URL group of the message type itself.</summary>
    string UrlGroup { get; }

    /// <summary>True if derived types are published neither to the type's group nor to the groups of its base types.</summary>
    bool Exclude { get; }

    /// <summary>
    /// All URL groups that a publish reaches: the type's own, and those that its base types and interfaces reach, without excluded ones.
    /// </summary>
    IReadOnlyList<string> UrlGroups { get; }
}
