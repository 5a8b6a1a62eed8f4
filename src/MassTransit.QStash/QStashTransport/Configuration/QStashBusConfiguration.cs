using MassTransit.Configuration;
using MassTransit.Observables;
using MassTransit.QStashTransport.Topology;

namespace MassTransit.QStashTransport.Configuration;

sealed class QStashBusConfiguration : QStashEndpointConfiguration, IBusConfiguration
{
    readonly BusObservable _busObservers = new();

    public QStashBusConfiguration()
        : base(new QStashTopologyConfiguration())
    {
        // What everybody else publishes through QStash is plain JSON; the envelope stays what this side sends.
        Serialization.AddDeserializer(new SystemTextJsonRawMessageSerializerFactory());

        HostConfiguration = new QStashHostConfiguration(this);
        BusEndpointConfiguration = CreateEndpointConfiguration(isBusEndpoint: true);
    }

    public QStashHostConfiguration HostConfiguration { get; }
    public QStashEndpointConfiguration BusEndpointConfiguration { get; }

    IHostConfiguration IBusConfiguration.HostConfiguration => HostConfiguration;
    IEndpointConfiguration IBusConfiguration.BusEndpointConfiguration => BusEndpointConfiguration;
    IBusObserver IBusConfiguration.BusObservers => _busObservers;

    public ConnectHandle ConnectBusObserver(IBusObserver observer) => _busObservers.Connect(observer);

    public ConnectHandle ConnectEndpointConfigurationObserver(IEndpointConfigurationObserver observer) =>
        HostConfiguration.ConnectEndpointConfigurationObserver(observer);
}
