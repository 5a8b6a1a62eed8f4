using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/delivery.md.</summary>
static class Delivery
{
    [SuppressMessage("Performance", "CA1848", Justification = "Examples are to be read.")]
    [SuppressMessage("Performance", "CA1873", Justification = "Examples are to be read.")]
    public static void ReadIt(ConsumeContext context, ILogger logger)
    {
        if (context.ReceiveContext.GetQStashMessage() is { } delivery)
            logger.LogInformation("{Id}, attempt {Attempt}", delivery.MessageId, delivery.Retried + 1);
    }

    sealed record OrderShipped(string OrderId);

    public static async Task SendToAWebhook(ISendEndpoint endpoint, string apiKey)
    {
        await endpoint.Send(new OrderShipped("42"), x =>
        {
            x.UseQStash(d => d.PlainJson = true);
            x.Headers.Set("X-Api-Key", apiKey);
        });
    }
}
