using MassTransit.Metadata;
using MassTransit.Topology;

namespace MassTransit.QStashTransport.Topology;

sealed class QStashPublishTopology(IMessageTopology messageTopology) : PublishTopology
{
    /// <summary>The URL groups of all message types known so far.</summary>
    public IReadOnlyList<string> UrlGroups
    {
        get
        {
            var names = new List<string>();
            ForEachMessageType<IUrlGroupPublishTopology>(topology =>
            {
                if (!topology.Exclude)
                    names.Add(topology.UrlGroup);
            });

            return names;
        }
    }

    public IUrlGroupPublishTopology GetUrlGroupTopology(Type messageType) => (IUrlGroupPublishTopology)GetMessageTopology(messageType);

    protected override IMessagePublishTopologyConfigurator CreateMessageTopology<T>()
    {
        var topology = new QStashMessagePublishTopology<T>(this, messageTopology.GetMessageTopology<T>());

        ImplementedMessageTypeCache<T>.EnumerateImplementedTypes(new ImplementedTypes<T>(this, topology));

        OnMessageTopologyCreated(topology);

        return topology;
    }

    sealed class ImplementedTypes<TMessage>(QStashPublishTopology publishTopology, QStashMessagePublishTopology<TMessage> topology) :
        IImplementedMessageType
        where TMessage : class
    {
        // Indirect base types are reached through the direct ones, unless those are excluded.
        public void ImplementsMessageType<T>(bool direct)
            where T : class
        {
            if (direct)
                topology.AddBaseType((IUrlGroupPublishTopology)publishTopology.GetMessageTopology<T>());
        }
    }
}
