using MassTransit.Configuration;
using MassTransit.QStashTransport.Endpoints;
using MassTransit.QStashTransport.Incoming;
using MassTransit.Transports;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MassTransit.QStashTransport.Hosting;

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

        // Create options for this bus alone, because it changes them.
        var options = context.GetRequiredService<IOptionsFactory<QStashTransportOptions>>().Create(busName);
        var settingsOverride = context.GetService<IQStashSettingsOverride>();
        settingsOverride?.Apply(options);
        host.UseOptions(options);
        host.IsMapped = context.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IQStashDeliveryHandler));
        var isHandedOver = host.IsMapped;

        var timeProvider = context.GetRequiredService<TimeProvider>();
        var lifetime = context.GetService<IHostApplicationLifetime>();
        var replayGuard = new Lazy<ReplayGuard?>(() => context.GetService<IDistributedCache>() is { } cache
            ? new ReplayGuard(cache, timeProvider, host.Settings.ToleratedClockDifference,
            context.GetRequiredService<ILogger<ReplayGuard>>())
            : null);

        host.Use(new BusEnvironment
        {
            BusName = busName,
            AllBuses = () => context.GetServices<IBusInstance>().Select(bus => bus.HostConfiguration).OfType<QStashHostConfiguration>(),
            HttpClientFactory = context.GetRequiredService<IHttpClientFactory>(),
            Life = Follow(lifetime, host),
            CreateReplayGuard = () => replayGuard.Value,
            Program = DevelopmentProgram.Find(context),
            Time = timeProvider,
        });
        lifetime?.ApplicationStarted.Register(new MappingCheck(host, context.GetService<IServer>()).Run);

        _busConfiguration.ConnectBusObserver(new StartReport(host, context.GetService<IHostEnvironment>()?.IsDevelopment() == true,
            context.GetRequiredService<ILogger<StartReport>>()));

        return AmbientLogContext.Without(() =>
        {
            LogContext.ConfigureCurrentLogContext(new OutageLoggerFactory(context.GetRequiredService<ILoggerFactory>()));

            var bus = CreateBus(new QStashBusFactoryConfigurator(_busConfiguration, settingsOverride), context, _configure, specifications);

            // With routes, MapQStash tells the filter their paths.
            if (isHandedOver)
            {
                context.GetRequiredService<DeliveryFilter>()
                    .Add(host.Settings.Addresses.PathPrefix, name => host.Endpoints.Find(name)?.InputAddress);
            }

            return bus;
        });
    }

    // The stop time is real time, even if the bus has another clock, as are the other stop times of MassTransit and the host.
    static ApplicationLife Follow(IHostApplicationLifetime? lifetime, QStashHostConfiguration host)
    {
        var consumersStopping = new CancellationTokenSource();
        lifetime?.ApplicationStopping.Register(() =>
        {
            var (consumers, all) = (host.ConsumerStopTimeout, host.StopTimeout);
            if ((consumers < all ? consumers : all ?? consumers) is { } timeout)
                consumersStopping.CancelAfter(timeout);
        });

        return new ApplicationLife(lifetime?.ApplicationStarted ?? CancellationToken.None,
            lifetime?.ApplicationStopping ?? CancellationToken.None, consumersStopping.Token);
    }
}
