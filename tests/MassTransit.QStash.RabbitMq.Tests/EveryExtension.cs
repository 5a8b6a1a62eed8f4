using MassTransit.QStash.RabbitMq.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.RabbitMq.Tests;

/// <summary>
/// Calls each of our extension methods where MassTransit's own transport is in scope too. That it compiles is the test: no call is
/// ambiguous, and none means the other transport.
/// </summary>
static class EveryExtension
{
    public static void Of(SendContext context)
    {
        context.UseQStash(d => d.Retries = 3);
        _ = context.TryUseQStash(d => d.Retries = 3);
    }

    public static void Of(IMessageSendTopologyConfigurator<Order> topology)
    {
        topology.UseDelivery(d => d.Retries = 3);
        topology.UseFlowControl(context => context.Message.Id, rate: 1);
        topology.UseOrderedDelivery(order => order.Id);
        topology.UseDeduplicationId(context => context.Message.Id);
        topology.UseDeduplication(QStashDeduplication.None);
    }

    public static void Of(IMessagePublishTopologyConfigurator<Order> topology)
    {
        topology.UseDelivery(d => d.Retries = 3);
        topology.UseFlowControl(context => context.Message.Id, rate: 1);
        topology.UseOrderedDelivery(order => order.Id);
        topology.UseDeduplicationId(context => context.Message.Id);
        topology.UseDeduplication(QStashDeduplication.None);
    }

    public static void Of(IBusRegistrationConfigurator x, IEndpointRegistrationConfigurator endpoint)
    {
        x.UsingQStash();
        x.AddQStashMessageScheduler();
        x.AddQStashConfigureEndpointsCallback((_, _, _) => { });
        endpoint.AddQStashConfigureEndpointCallback((_, _) => { });
    }

    public static void Of(IBusRegistrationConfigurator<ISecondBus> x)
    {
        x.UsingQStash();
        x.AddQStashMessageScheduler();
    }

    public static void Of(IBusFactoryConfigurator cfg, IReceiveEndpointConfigurator e)
    {
        cfg.UseQStashMessageScheduler();
        e.UseTransportRetry();
    }

    public static async Task Of(ConsumeContext<Order> context, ConsumeContext<QStashDeliveryReport> report)
    {
        await context.DeferDelivery(TimeSpan.FromMinutes(1));
        _ = context.ReceiveContext.GetQStashMessage();
        _ = report.TryGetSourceMessage(out Order? _);
    }

    public static async Task Of(IBus bus)
    {
        _ = await bus.GetStaleSubscriptions();
        _ = await bus.RemoveStaleSubscriptions();
    }

    public static void Of(IHealthChecksBuilder checks, IEndpointRouteBuilder endpoints)
    {
        checks.AddQStash();
        endpoints.MapQStash();
        checks.Services.AddQStashDeliveryHandler();
    }
}
