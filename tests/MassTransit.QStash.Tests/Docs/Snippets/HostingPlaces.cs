using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of the pages in docs/hosting/.</summary>
static class HostingPlaces
{
    public static void VirtualMachine(WebApplicationBuilder builder)
    {
        builder.Services.Configure<ForwardedHeadersOptions>(o => o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);

        var app = builder.Build();
        app.UseForwardedHeaders();   // before UseHttpsRedirection, for your own pages; deliveries need no header
        app.MapQStash();
    }

    public static void Kubernetes(WebApplication app)
    {
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
    }

    public static async Task CloudRun(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<OrderSubmittedConsumer>();

            x.UsingQStash((context, cfg) =>
            {
                cfg.DeployTopologyOnly = args.Contains("--deploy");
                cfg.Host(h =>
                {
                    h.DeployTopology(args.Contains("--deploy"));
                    h.Delivery(d => d.Timeout = TimeSpan.FromSeconds(280));   // below the 300 s of the service
                });
                cfg.ConfigureEndpoints(context);
            });
        });

        // Cloud Run kills 10 seconds after it asked to stop.
        builder.Services.Configure<MassTransitHostOptions>(o => o.ConsumerStopTimeout = TimeSpan.FromSeconds(8));

        var app = builder.Build();

        if (args.Contains("--deploy"))
        {
            await app.Services.GetRequiredService<IBusControl>().DeployAsync();   // joins the URL groups, and ends
            return;
        }

        app.MapQStash();
        app.Run();
    }

    public static async Task Lambda(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        builder.Services.AddHealthChecks();
        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<OrderSubmittedConsumer>();

            x.UsingQStash((context, cfg) =>
            {
                cfg.DeployTopologyOnly = args.Contains("--deploy");
                cfg.Host(h =>
                {
                    h.DeployTopology(args.Contains("--deploy"));
                    h.Delivery(d => d.Timeout = TimeSpan.FromMinutes(14));   // below the 15 minutes of a function
                });
                cfg.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();

        if (args.Contains("--deploy"))
        {
            await app.Services.GetRequiredService<IBusControl>().DeployAsync();   // joins the URL groups, and ends
            return;
        }

        app.MapQStash();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });   // up, and nothing else
        app.Run();
    }

    public static void AzureFunctions(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        // Functions says where it forwards requests to.
        if (Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT") is { } port)
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");

        builder.Services.AddMassTransit(x =>
        {
            x.AddConsumer<OrderSubmittedConsumer>();

            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(h =>
                {
                    h.DeployTopology(false);                                  // a step of the deployment does it
                    h.Delivery(d => d.Timeout = TimeSpan.FromSeconds(220));   // below the 230 s of an HTTP trigger
                });
                cfg.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();
        app.MapQStash();
        app.Run();
    }

    sealed record OrderSubmitted;

    sealed class OrderSubmittedConsumer : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context) => Task.CompletedTask;
    }
}
