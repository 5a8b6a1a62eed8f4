using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.QStashTransport.Hosting;
using MassTransit.QStashTransport.Schedules;
using MassTransit.Scheduling;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

/// <summary>
/// Schedules messages, once or repeatedly, with QStash alone.
/// </summary>
public static class QStashMessageSchedulerExtensions
{
    /// <summary>
    /// Gives consumers and sagas a scheduler: <c>context.ScheduleSend</c>, <c>Schedule</c> and <c>Unschedule</c> of sagas, and
    /// <c>UseScheduledRedelivery</c>. QStash keeps the message until it is due, in whole seconds, rounded up.
    /// </summary>
    /// <remarks>
    /// MassTransit's own <c>UseDelayedMessageScheduler</c> works too, but cannot cancel.
    /// </remarks>
    public static void UseQStashMessageScheduler(this IBusFactoryConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);

        configurator.AddPrePipeSpecification(new FilterPipeSpecification<ConsumeContext>(new QStashMessageSchedulerFilter()));
    }

    /// <summary>
    /// Adds <see cref="IMessageScheduler"/> and <see cref="IRecurringMessageScheduler"/> to the container, scoped.
    /// </summary>
    public static void AddQStashMessageScheduler(this IBusRegistrationConfigurator configurator)
    {
        configurator.TryAddScoped<IMessageScheduler>(provider =>
        {
            var bus = provider.GetRequiredService<Bind<IBus, IBusInstance>>().Value;

            return CreateScheduler(bus, provider.GetRequiredService<ISendEndpointProvider>());
        });

        configurator.TryAddScoped<IRecurringMessageScheduler>(provider =>
            CreateRecurringScheduler(() => provider.GetRequiredService<Bind<IBus, IBusInstance>>().Value,
                provider.GetRequiredService<ISendEndpointProvider>));
    }

    /// <summary>
    /// Adds <c>Bind&lt;TBus, IMessageScheduler&gt;</c> and <c>Bind&lt;TBus, IRecurringMessageScheduler&gt;</c> to the container,
    /// scoped, for a further bus.
    /// </summary>
    /// <typeparam name="TBus">The interface of the bus.</typeparam>
    public static void AddQStashMessageScheduler<TBus>(this IBusRegistrationConfigurator<TBus> configurator)
        where TBus : class, IBus
    {
        configurator.TryAddScoped(provider =>
        {
            var bus = provider.GetRequiredService<IBusInstance<TBus>>();

            return Bind<TBus>.Create<IMessageScheduler>(
                CreateScheduler(bus, provider.GetRequiredService<Bind<TBus, ISendEndpointProvider>>().Value));
        });

        configurator.TryAddScoped(provider => Bind<TBus>.Create<IRecurringMessageScheduler>(
            CreateRecurringScheduler(provider.GetRequiredService<IBusInstance<TBus>>,
                () => provider.GetRequiredService<Bind<TBus, ISendEndpointProvider>>().Value)));
    }

    static MessageScheduler CreateScheduler(IBusInstance bus, ISendEndpointProvider sendEndpointProvider) =>
        new(new QStashScheduleMessageProvider(() => GetServices(bus), sendEndpointProvider), bus.Bus.Topology);

    static QStashRecurringMessageScheduler CreateRecurringScheduler(Func<IBusInstance> bus,
        Func<ISendEndpointProvider> sendEndpointProvider) =>
        new(() => GetServices(bus()), sendEndpointProvider);

    // Called when the scheduler is used, and not earlier: under a test harness with another transport, schedulers are resolved and never
    // used.
    static SchedulingServices GetServices(IBusInstance bus) =>
        (bus.HostConfiguration as QStashHostConfiguration)?.Services.Scheduling
        ?? throw new ConfigurationException($"QStash schedules messages for a bus on QStash only, and "
            + $"{TypeCache.GetShortName(bus.InstanceType)} is on another transport: call x.UsingQStash(...), or replace the scheduler "
            + "with that of the transport.");
}
