using Bridge.Contracts;
using MassTransit;

namespace Bridge.Bridging;

/// <summary>
/// Both buses in one process. One line says what crosses, and from where to where; once both sides of a message have moved, its line
/// goes.
/// </summary>
public static class BridgeService
{
    /// <param name="services">The services of the bridge's process.</param>
    /// <param name="address">The address under which QStash reaches this process.</param>
    /// <param name="connect">Where QStash is, and where the other services are.</param>
    /// <param name="useOther">Sets up the bus of RabbitMQ, with <c>ConfigureEndpoints</c>.</param>
    public static void AddBridge(this IServiceCollection services, Uri address, Action<IQStashHostConfigurator> connect,
        Action<IBusRegistrationConfigurator> useOther)
    {
        services.AddMassTransit(x =>
        {
            x.AddConsumer<PublishOn<IQStashBus, OrderSubmitted>>().Endpoint(e => e.Name = "bridge-order-submitted");
            x.AddConsumer<AskOn<IQStashBus, CheckCredit, CreditApproved>>().Endpoint(e => e.Name = "bridge-check-credit");
            // Under the name that the shop sends to.
            x.AddConsumer<SendOn<IQStashBus, ChargeCard>>().Endpoint(e =>
            {
                e.Name = "charge-card";
                e.ConfigureConsumeTopology = false;
            });

            useOther(x);
        });

        services.AddMassTransit<IQStashBus>(x =>
        {
            x.AddConsumer<PublishOn<IBus, OrderSubmitted>>().Endpoint(e => e.Name = "bridge-order-submitted");
            x.AddConsumer<PublishOn<IBus, CardCharged>>().Endpoint(e => e.Name = "bridge-card-charged");
            // While RabbitMQ does not answer, QStash keeps the message and tries again.
            x.AddConfigureEndpointsCallback((_, e) => e.UseTransportRetry());

            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(address, h =>
                {
                    h.ServiceName("bridge");
                    connect(h);
                });
                cfg.ConfigureEndpoints(context);
            });
        });
    }
}
