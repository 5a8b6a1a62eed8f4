#pragma warning disable CA1848, CA1852, CA1873 // Shown as somebody writes it who begins.

using Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Docs.Snippets
{
    /// <summary>The C# of docs/getting-started.md.</summary>
    static class GettingStarted
    {
        public static void Consume(string[] args)
        {
            var builder = WebApplication.CreateBuilder(args);

            builder.Services.AddMassTransit(x =>
            {
                x.AddConsumer<OrderSubmittedConsumer>();
                x.UsingQStash((context, cfg) =>
                {
                    cfg.Host(h => h.UseEmulator());
                    cfg.ConfigureEndpoints(context);
                });
            });

            var app = builder.Build();
            app.MapQStash();
            app.Run();
        }

        public static void Publish(WebApplicationBuilder builder)
        {
            builder.Services.AddMassTransit(x => x.UsingQStash((_, cfg) => cfg.Host(h => h.UseEmulator())));

            var app = builder.Build();
            app.MapGet("/order/{id}", async (string id, IPublishEndpoint bus) => await bus.Publish(new OrderSubmitted(id)));
            app.Run();
        }

        public class OrderSubmittedConsumer(ILogger<OrderSubmittedConsumer> logger) : IConsumer<OrderSubmitted>
        {
            public Task Consume(ConsumeContext<OrderSubmitted> context)
            {
                logger.LogInformation("Order {OrderId} is to be paid", context.Message.OrderId);
                return Task.CompletedTask;
            }
        }
    }
}

namespace Contracts
{
    public record OrderSubmitted(string OrderId);
}
