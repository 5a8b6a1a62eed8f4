using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/callbacks.md.</summary>
static class Callbacks
{
    public sealed record ChargeCard(string OrderId);

    public static async Task OfOneSend(ISendEndpoint endpoint)
    {
        await endpoint.Send(new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Callback = new("queue:deliveries");
            d.FailureCallback = new("queue:delivery-failures");
        }));
    }

    public static void OfAll(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.FailureCallback = new("queue:delivery-failures") { Retries = 5 }));
        cfg.Host(h => h.Delivery(d => d.FailureCallback = new("queue:delivery-failures")));
    }

    [SuppressMessage("Performance", "CA1848", Justification = "Examples are to be read.")]
    [SuppressMessage("Performance", "CA1873", Justification = "Examples are to be read.")]
    public sealed class ChargeFailures(ILogger<ChargeFailures> logger) : IConsumer<QStashDeliveryFailed>
    {
        public Task Consume(ConsumeContext<QStashDeliveryFailed> context)
        {
            var report = context.Message;

            if (context.TryGetSourceMessage<ChargeCard>(out var charge))
                logger.LogError("{OrderId}: {Status} from {Url} after {Attempts} attempts", charge.OrderId, report.Status, report.Url, report.Retried + 1);

            return Task.CompletedTask;
        }
    }
}
