using MassTransit.Configuration;
using MassTransit.Observables;
using MassTransit.QStashTransport.Incoming;

namespace MassTransit.QStashTransport.Hosting;

sealed class QStashBusConfiguration : QStashEndpointConfiguration, IBusConfiguration
{
    readonly BusObservable _busObservers = new();

    public QStashBusConfiguration()
        : base(new QStashTopologyConfiguration())
    {
        HostConfiguration = new QStashHostConfiguration(this);

        Consume.Configurator.AddPrePipeSpecification(new LateFilter(CreateTickFilter));
        Consume.Configurator.AddPrePipeSpecification(new FilterPipeSpecification<ConsumeContext>(new FaultFilter()));

        ConnectBusObserver(new StopObserver(HostConfiguration.Endpoints));

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

    TickFilter CreateTickFilter()
    {
        var scheduling = HostConfiguration.Services.Scheduling;

        return new TickFilter(scheduling.Recurring, HostConfiguration.ServiceIdentity, scheduling.Time);
    }
}
