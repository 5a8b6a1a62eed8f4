using Microsoft.AspNetCore.Builder;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of README.md.</summary>
static class Readme
{
    sealed record OrderSubmitted;

    sealed class OrderSubmittedConsumer : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context) => Task.CompletedTask;
    }

    public static void UseIt(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<OrderSubmittedConsumer>();

            x.UsingQStash((context, cfg) =>
            {
                cfg.Host("https://orders.example.com");
                cfg.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();
        app.MapQStash();   // POST /qstash/{endpoint}: verify the signature, consume, answer
        app.Run();
    }
}
