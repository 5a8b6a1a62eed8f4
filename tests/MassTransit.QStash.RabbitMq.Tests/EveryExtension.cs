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
    static readonly Uri Address = new("https://example.com");

    public static void Of(SendContext context)
    {
        context.UseQStash(q => q.DeduplicationId = "order-42");
        context.SetRetries(3);
        context.SetRetryDelay("1000");
        context.SetTimeout(TimeSpan.FromSeconds(30));
        context.SetMethod(HttpMethod.Put);
        context.SetForwardHeader("X-Tenant", "42");
        context.SetFlowControl("key", rate: 1);
        context.SetLabels("a", "b");
        context.AddLabel("c");
        context.RedactBody();
        context.RedactHeaders("X-Tenant");
        context.SetCallback(Address);
        context.SetFailureCallback(Address);
        context.SetDeduplication(QStashDeduplication.None);
        context.SetQueueName("queue");
        context.SendAsPlainJson();
    }

    public static void Of(IMessageSendTopologyConfigurator<Order> topology)
    {
        topology.UseRetries(3);
        topology.UseTimeout(TimeSpan.FromSeconds(30));
        topology.UseFlowControl("key", rate: 1);
        topology.UseFlowControl(context => context.Message.Id, rate: 1);
        topology.UseCallback(Address);
        topology.UseFailureCallback(Address);
        topology.UseOrderedDelivery(order => order.Id);
        topology.UseDelivery(d => d.Retries = 3);
        topology.UseDeduplicationId(context => context.Message.Id);
        topology.UseDeduplication(QStashDeduplication.None);
    }

    public static void Of(IMessagePublishTopologyConfigurator<Order> topology)
    {
        topology.UseRetries(3);
        topology.UseTimeout(TimeSpan.FromSeconds(30));
        topology.UseFlowControl("key", rate: 1);
        topology.UseFlowControl(context => context.Message.Id, rate: 1);
        topology.UseCallback(Address);
        topology.UseFailureCallback(Address);
        topology.UseOrderedDelivery(order => order.Id);
        topology.UseDelivery(d => d.Retries = 3);
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
    }
}
