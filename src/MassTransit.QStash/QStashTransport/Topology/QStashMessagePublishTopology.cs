using System.Diagnostics.CodeAnalysis;
using MassTransit.Topology;

namespace MassTransit.QStashTransport.Topology;

sealed class QStashMessagePublishTopology<TMessage>(IPublishTopology publishTopology, IMessageTopology<TMessage> messageTopology) :
    MessagePublishTopology<TMessage>(publishTopology),
    IUrlGroupPublishTopology
    where TMessage : class
{
    readonly List<IUrlGroupPublishTopology> _implemented = [];
    string[]? _urlGroups;

    public string UrlGroup => UrlGroupName.Checked(messageTopology.EntityName);

    // URL groups cannot nest, so the publisher sends to each group of the hierarchy. Worked out at the first publish, when
    // the configuration of every type (Exclude, entity names) is final.
    public IReadOnlyList<string> UrlGroups => _urlGroups ??= _implemented
        .Prepend(this)
        .Where(topology => !topology.Exclude)
        .Select(topology => topology.UrlGroup)
        .Distinct()
        .ToArray();

    public void AddImplementedType(IUrlGroupPublishTopology topology) => _implemented.Add(topology);

    public override bool TryGetPublishAddress(Uri baseAddress, [NotNullWhen(true)] out Uri? publishAddress)
    {
        publishAddress = new Uri($"topic:{UrlGroup}");
        return true;
    }
}
