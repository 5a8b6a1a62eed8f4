using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests.Docs;

/// <summary>
/// The C# of README.md and docs/, so that it compiles. <see cref="The_documentation"/> checks that it is all here.
/// </summary>
static class Snippets
{
    sealed record OrderSubmitted;

    sealed class OrderSubmittedConsumer : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context) => Task.CompletedTask;
    }

    public static void Readme(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<OrderSubmittedConsumer>();

            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(h => h.BaseAddress("https://orders.example.com"));
                cfg.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();
        app.MapQStash();   // POST /qstash/{endpoint}: verify the signature, consume, answer
        app.Run();
    }

    public static void Configuration(WebApplicationBuilder builder, IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h =>
        {
            if (builder.Environment.IsDevelopment())
                h.UseEmulator();

            h.BaseAddress(builder.Configuration["PublicAddress"]!);
        });

        cfg.Host(h =>
        {
            h.InstanceBaseAddress(new Uri($"https://{Environment.GetEnvironmentVariable("INSTANCE_HOST")}"));
        });
    }

    [SuppressMessage("Performance", "CA1848", Justification = "Examples are to be read.")]
    [SuppressMessage("Performance", "CA1873", Justification = "Examples are to be read.")]
    public static void Delivery(ConsumeContext context, ILogger logger)
    {
        if (context.ReceiveContext.TryGetPayload(out QStashMessageContext? delivery))
            logger.LogInformation("{Id}, attempt {Attempt}", delivery.MessageId, delivery.Retried + 1);
    }
}
