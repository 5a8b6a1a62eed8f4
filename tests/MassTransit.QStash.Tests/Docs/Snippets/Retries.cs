using System.ComponentModel.DataAnnotations;
using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/retries.md.</summary>
static class Retries
{
    sealed record ResizeImage;

    public static async Task HowOften(IQStashBusFactoryConfigurator cfg, ISendEndpoint endpoint)
    {
        cfg.Host(h => h.Delivery(d => d.Retries = 2));                                        // what this bus sends

        cfg.Send<ChargeCard>(x => x.UseDelivery(d =>                                          // sends and publishes of one type
        {
            d.Retries = 5;
            d.RetryDelay = QStashRetryDelay.Exponential(TimeSpan.FromSeconds(30), max: TimeSpan.FromHours(1));
        }));

        cfg.Publish<OrderSubmitted>(x => x.UseDelivery(d => d.Retries = 1));                  // publishes of one type

        await endpoint.Send(new ChargeCard("42"), x => x.UseQStash(d => d.Retries = 10));     // one send
    }

    public static void Which(IReceiveEndpointConfigurator e)
    {
        e.UseTransportRetry();                                               // every exception
        e.UseTransportRetry(r => r.Ignore<ValidationException>());           // but those, which fail the message at once
    }

    public static void HowLong(IQStashBusFactoryConfigurator cfg) =>
        cfg.Send<ResizeImage>(x => x.UseDelivery(d => d.Timeout = TimeSpan.FromMinutes(2)));
}
