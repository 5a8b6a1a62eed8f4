using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/hosting.md.</summary>
static class Hosting
{
    public static void Timeout(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h => h.Delivery(d => d.Timeout = TimeSpan.FromSeconds(220)));
    }

    public static void Stop(IServiceCollection services)
    {
        services.Configure<MassTransitHostOptions>(o => o.ConsumerStopTimeout = TimeSpan.FromSeconds(8));
    }

    public static void Request(ConsumeContext context)
    {
        if (context.TryGetPayload(out HttpContext? http))
            Console.WriteLine(http.TraceIdentifier);
    }
}
