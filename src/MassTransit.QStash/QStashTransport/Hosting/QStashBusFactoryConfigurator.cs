using MassTransit.Configuration;

namespace MassTransit.QStashTransport.Hosting;

/// <param name="busConfiguration">The configuration that this writes into.</param>
/// <param name="settingsOverride">Changes settings after the code that configures the bus; null outside of tests.</param>
sealed class QStashBusFactoryConfigurator(QStashBusConfiguration busConfiguration, IQStashSettingsOverride? settingsOverride) :
    BusFactoryConfigurator(busConfiguration),
    IQStashBusFactoryConfigurator,
    IBusFactory
{
    readonly QStashHostConfiguration _host = busConfiguration.HostConfiguration;
    bool _deploysSchedules;

    public void Host(Uri baseAddress, Action<IQStashHostConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);

        _host.Settings.Options.BaseAddress = baseAddress;
        Host(configure ?? (_ => { }));
    }

    public void Host(string baseAddress, Action<IQStashHostConfigurator>? configure = null) =>
        Host(new Uri(baseAddress, UriKind.RelativeOrAbsolute), configure);

    public void Host(Action<IQStashHostConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        configure(new QStashHostConfigurator(_host.Settings.Options));

        // Apply it now, because endpoints that are configured next take their address from the settings.
        settingsOverride?.Apply(_host.Settings.Options);
    }

    public void Schedules(Action<IQStashSchedulesConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        if (!_deploysSchedules)
            ConnectBusObserver(new ScheduleObserver(_host));

        _deploysSchedules = true;
        configure(_host.DeclaredSchedules);
    }

    public IReceiveEndpointConfiguration CreateBusEndpointConfiguration(Action<IReceiveEndpointConfigurator> configure) =>
        _host.CreateReceiveEndpointConfiguration(
            busConfiguration.Topology.Consume.CreateTemporaryQueueName("bus"), busConfiguration.BusEndpointConfiguration, configure,
            isTemporary: true);

    public void ReceiveEndpoint(IEndpointDefinition definition, IEndpointNameFormatter? endpointNameFormatter = null,
        Action<IQStashReceiveEndpointConfigurator>? configureEndpoint = null) =>
        _host.ReceiveEndpoint(definition, endpointNameFormatter, configureEndpoint);

    public void ReceiveEndpoint(IEndpointDefinition definition, IEndpointNameFormatter? endpointNameFormatter = null,
        Action<IReceiveEndpointConfigurator>? configureEndpoint = null) =>
        _host.ReceiveEndpoint(definition, endpointNameFormatter, configureEndpoint);

    public void ReceiveEndpoint(string queueName, Action<IQStashReceiveEndpointConfigurator> configureEndpoint) =>
        _host.ReceiveEndpoint(queueName, configureEndpoint);

    public void ReceiveEndpoint(string queueName, Action<IReceiveEndpointConfigurator> configureEndpoint) =>
        _host.ReceiveEndpoint(queueName, configureEndpoint);
}
