using MassTransit.DependencyInjection;
using MassTransit.QStashTransport.Hosting;
using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Reports;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using QStash.Client;

namespace MassTransit;

/// <summary>
/// Sets up a bus on QStash.
/// </summary>
public static class QStashConfigurationExtensions
{
    /// <summary>
    /// Uses Upstash QStash as the transport. Map the routes for its deliveries with <c>app.MapQStash()</c>.
    /// </summary>
    /// <param name="configurator">The configurator of <c>AddMassTransit</c>.</param>
    /// <param name="configure">Configures the bus; usually ends with <c>cfg.ConfigureEndpoints(context)</c>.</param>
    public static void UsingQStash(this IBusRegistrationConfigurator configurator,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure = null)
    {
        AddServices(configurator);
        configurator.TryAddSingleton<IQStashDeadLetters>(
            provider => new DeadLettersOfBus(() => QStashBusTopology.ServicesOf(provider.GetRequiredService<IBus>()).DeadLetters));

        configurator.SetBusFactory(new QStashRegistrationBusFactory(configure));
    }

    /// <summary>
    /// Uses Upstash QStash as the transport of a further bus (<c>AddMassTransit&lt;TBus&gt;</c>).
    /// </summary>
    /// <param name="configurator">The configurator of <c>AddMassTransit&lt;TBus&gt;</c>.</param>
    /// <param name="configure">Configures the bus; usually ends with <c>cfg.ConfigureEndpoints(context)</c>.</param>
    /// <typeparam name="TBus">The interface of the bus.</typeparam>
    public static void UsingQStash<TBus>(this IBusRegistrationConfigurator<TBus> configurator,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure = null)
        where TBus : class, IBus
    {
        AddServices(configurator);
        configurator.TryAddSingleton(provider => Bind<TBus>.Create<IQStashDeadLetters>(
            new DeadLettersOfBus(() => QStashBusTopology.ServicesOf(provider.GetRequiredService<TBus>()).DeadLetters)));

        configurator.SetBusFactory(new QStashRegistrationBusFactory(configure));
    }

    static void AddServices(IServiceCollection services)
    {
        services.AddQStashHttpClient();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions();
        services.TryAddSingleton<DeliveryFilter>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IStartupFilter, DeliveryFilter>(provider => provider.GetRequiredService<DeliveryFilter>()));
        services.TryAddSingleton<QStashRoutes>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, RoutePolicy>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<QStashTransportOptions>, FillQStashTransportOptions>());
    }
}
