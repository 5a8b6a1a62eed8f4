using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/safety.md.</summary>
static class Safety
{
    public static void Replays(WebApplicationBuilder builder, IQStashBusFactoryConfigurator cfg)
    {
        builder.Services.AddDistributedMemoryCache();   // for one replica; several share a cache, such as Redis

        cfg.Host(h => h.UseReplayGuard());
    }
}
