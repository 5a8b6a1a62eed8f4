using MassTransit.Metadata;
using MassTransit.Topology;

namespace MassTransit.QStashTransport.Topology;

sealed class QStashPublishTopology(IMessageTopology messageTopology) : PublishTopology
{
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
        public void ImplementsMessageType<T>(bool direct)
            where T : class =>
            topology.AddImplementedType((IUrlGroupPublishTopology)publishTopology.GetMessageTopology<T>());
    }
}
