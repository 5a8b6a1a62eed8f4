using MassTransit.Configuration;
using MassTransit.QStashTransport.Receiving;
using MassTransit.QStashTransport.Reporting;
using MassTransit.Transports;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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

        // Made for this bus alone, which writes into them.
        var options = context.GetRequiredService<IOptionsFactory<QStashTransportOptions>>().Create(busName);
        var settingsOverride = context.GetService<IQStashSettingsOverride>();
        settingsOverride?.Apply(options);
        host.UseOptions(options);
        var timeProvider = context.GetRequiredService<TimeProvider>();
        host.UseServices(context.GetRequiredService<IHttpClientFactory>(), timeProvider, context.GetService<IHostApplicationLifetime>(), context.GetService<IServer>(),
            () => context.GetService<IDistributedCache>() is { } cache ? new ReplayGuard(cache, timeProvider, host.Settings.ToleratedClockDifference, context.GetRequiredService<ILogger<ReplayGuard>>()) : null);
        host.UseBuses(busName, () => context.GetServices<IBusInstance>().Select(bus => bus.HostConfiguration).OfType<QStashHostConfiguration>());

        host.IsMapped = context.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IQStashDeliveryHandler));

        _busConfiguration.ConnectBusObserver(new StartReport(host, context.GetService<IHostEnvironment>()?.IsDevelopment() == true,
            context.GetRequiredService<ILogger<StartReport>>()));

        return AmbientLogContext.Without(() =>
        {
            LogContext.ConfigureCurrentLogContext(new OutageLoggerFactory(context.GetRequiredService<ILoggerFactory>()));

            return CreateBus(new QStashBusFactoryConfigurator(_busConfiguration, settingsOverride), context, _configure, specifications);
        });
    }
}
