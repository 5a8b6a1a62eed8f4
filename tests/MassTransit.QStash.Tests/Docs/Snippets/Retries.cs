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
        cfg.Host(h => h.Delivery(d => d.Retries = 2));                       // what this bus sends

        cfg.Send<ChargeCard>(x => x.UseRetries(5,                            // sends and publishes of one type
            QStashRetryDelay.Exponential(TimeSpan.FromSeconds(30), max: TimeSpan.FromHours(1))));

        cfg.Publish<OrderSubmitted>(x => x.UseRetries(1));                   // publishes of one type

        await endpoint.Send(new ChargeCard("42"), x => x.SetRetries(10));    // one send
    }

    public static void Which(IReceiveEndpointConfigurator e)
    {
        e.UseTransportRetry();                                               // every exception
        e.UseTransportRetry(r => r.Ignore<ValidationException>());           // but those, which fail the message at once
    }

    public static void HowLong(IQStashBusFactoryConfigurator cfg) =>
        cfg.Send<ResizeImage>(x => x.UseTimeout(TimeSpan.FromMinutes(2)));
}
