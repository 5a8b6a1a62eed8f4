using System.Diagnostics.CodeAnalysis;
using MassTransit.QStashTransport.Wire;
using MassTransit.Topology;

namespace MassTransit.QStashTransport.Topology;

sealed class QStashMessagePublishTopology<TMessage>(IPublishTopology publishTopology, IMessageTopology<TMessage> messageTopology) :
    MessagePublishTopology<TMessage>(publishTopology),
    IUrlGroupPublishTopology
    where TMessage : class
{
    readonly List<IUrlGroupPublishTopology> _baseTypes = [];
    string[]? _urlGroups;

    public string UrlGroup => UrlGroupName.Checked(messageTopology.EntityName);

    // URL groups cannot nest, so the publisher sends to each group of the type hierarchy. If a type is excluded, its base types are too,
    // unless the message type derives from them in another way. Computed at the first publish, when the configuration of every type
    // (Exclude, entity names) is final.
    public IReadOnlyList<string> UrlGroups => _urlGroups ??= _baseTypes
        .Where(topology => !Exclude && !topology.Exclude)
        .SelectMany(topology => topology.UrlGroups)
        .Prepend(UrlGroup)
        .Distinct()
        .ToArray();

    public void AddBaseType(IUrlGroupPublishTopology topology) => _baseTypes.Add(topology);

    public override bool TryGetPublishAddress(Uri baseAddress, [NotNullWhen(true)] out Uri? publishAddress)
    {
        publishAddress = new Uri($"topic:{UrlGroup}");
        return true;
    }
}
