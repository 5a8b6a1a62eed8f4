using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using QStash.Emulator;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/operations.md.</summary>
static class Operations
{
    sealed record OrderSubmitted;

    sealed class OrderSubmittedConsumer : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context) => Task.CompletedTask;
    }

    public static void Health(WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddQStash(failureStatus: HealthStatus.Degraded);
    }

    public static void Harness(IServiceCollection services, QStashEmulator emulator)
    {
        services.AddMassTransitTestHarness(x =>
        {
            x.AddQStashInactivity();
            x.AddConsumer<OrderSubmittedConsumer>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host("http://localhost:5000", h => h.UseEmulator(emulator.Url));
                cfg.ConfigureEndpoints(context);
            });
        });
    }
}
