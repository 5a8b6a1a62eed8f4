using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MassTransit.QStashTransport.Configuration;

sealed class QStashRegistrationBusFactory : TransportRegistrationBusFactory<IQStashReceiveEndpointConfigurator>
{
    readonly QStashBusConfiguration _busConfiguration;
    readonly Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? _configure;

    public QStashRegistrationBusFactory(Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure)
        : this(new QStashBusConfiguration(), configure)
    {
    }

    QStashRegistrationBusFactory(QStashBusConfiguration busConfiguration,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure)
        : base(busConfiguration.HostConfiguration)
    {
        _busConfiguration = busConfiguration;
        _configure = configure;
    }

    public override IBusInstance CreateBus(IBusRegistrationContext context, IEnumerable<IBusInstanceSpecification> specifications,
        string busName)
    {
        var host = _busConfiguration.HostConfiguration;

        host.Settings.Apply(context.GetRequiredService<IOptionsMonitor<QStashTransportOptions>>().Get(busName));
        host.UseServices(context.GetRequiredService<IHttpClientFactory>(), context.GetRequiredService<TimeProvider>(),
            context.GetService<IHostApplicationLifetime>());
        host.UseBuses(busName, () => context.GetServices<IBusInstance>().Select(bus => bus.HostConfiguration).OfType<QStashHostConfiguration>());

        return CreateBus(new QStashBusFactoryConfigurator(_busConfiguration), context, _configure, specifications);
    }
}
