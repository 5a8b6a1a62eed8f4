using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Http;
using QStash.Client;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/batching.md.</summary>
static class Batching
{
    public static void Configure(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h => h.CoalesceSends(false));   // or QStash:CoalesceSends; one call for each send

        cfg.Host(h => h.MaxRateLimitWait(TimeSpan.FromMinutes(10)));   // or QStash:MaxRateLimitWait; default 5 seconds, at most a day
    }

    public static async Task<IResult> Submit(IPublishEndpoint publisher)
    {
        try
        {
            await publisher.Publish(new OrderSubmitted("42"));
        }
        catch (QStashDailyLimitException limit)
        {
            return Results.Problem($"Try again after {limit.ResetAt:u}.", statusCode: 503);
        }

        return Results.Accepted();
    }
}
