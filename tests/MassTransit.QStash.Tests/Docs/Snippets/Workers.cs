using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/workers.md.</summary>
static class Workers
{
    public static void WithWebApplication(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);   // was Host.CreateApplicationBuilder(args)

        builder.Services.AddHostedService<Cleanup>();       // hosted services stay as they are
        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<OrderSubmittedConsumer>();

            x.UsingQStash((context, cfg) => cfg.ConfigureEndpoints(context));
        });

        var app = builder.Build();
        app.MapQStash();                                    // new: POST /qstash/{endpoint}
        app.Run();
    }

    public static IHost WithHostBuilder(string[] args)
    {
        var host = Host.CreateDefaultBuilder(args)
            .ConfigureServices(services => services.AddMassTransit(x =>
            {
                x.AddConsumer<OrderSubmittedConsumer>();

                x.UsingQStash((context, cfg) => cfg.ConfigureEndpoints(context));
            }))
            .ConfigureWebHostDefaults(web => web.Configure(app =>
            {
                app.UseRouting();
                app.UseEndpoints(endpoints => endpoints.MapQStash());
            }))
            .Build();

        return host;
    }

    sealed class Cleanup : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }

    sealed record OrderSubmitted;

    sealed class OrderSubmittedConsumer : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context) => Task.CompletedTask;
    }
}
