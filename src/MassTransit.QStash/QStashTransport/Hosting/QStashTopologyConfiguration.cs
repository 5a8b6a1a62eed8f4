using MassTransit.Configuration;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using MassTransit.Topology;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The topology of a bus. Endpoints share all of it except the consume topology.
/// </summary>
sealed class QStashTopologyConfiguration : ITopologyConfiguration
{
    public QStashTopologyConfiguration()
    {
        Message = new MessageTopology(UrlGroupName.Formatter);

        Send = new SendTopology();
        // Added first, so that a key that the application chooses wins.
        Send.TryAddConvention(new JobOrderConvention());
        Send.TryAddConvention(new PartitionKeySendTopologyConvention());
        Send.ConnectSendTopologyConfigurationObserver(MessageTypes);
        Send.ConnectSendTopologyConfigurationObserver(new DelegateSendTopologyConfigurationObserver(GlobalTopology.Send));

        Publish = new QStashPublishTopology(Message);
        Publish.ConnectPublishTopologyConfigurationObserver(new DelegatePublishTopologyConfigurationObserver(GlobalTopology.Publish));
        Publish.ConnectPublishTopologyConfigurationObserver(new PublishToSendTopologyConfigurationObserver(Send));
    }

    public QStashTopologyConfiguration(QStashTopologyConfiguration bus)
    {
        Message = bus.Message;
        Send = bus.Send;
        Publish = bus.Publish;
        MessageTypes = bus.MessageTypes;
    }

    /// <summary>The message types that the bus sends, publishes or consumes.</summary>
    public KnownMessageTypes MessageTypes { get; } = new();

    public IMessageTopologyConfigurator Message { get; }
    public ISendTopologyConfigurator Send { get; }
    public QStashPublishTopology Publish { get; }
    public QStashConsumeTopology Consume { get; } = new();

    IPublishTopologyConfigurator ITopologyConfiguration.Publish => Publish;
    IConsumeTopologyConfigurator ITopologyConfiguration.Consume => Consume;

    public IEnumerable<ValidationResult> Validate() => Send.Validate().Concat(Publish.Validate()).Concat(Consume.Validate());
}
