using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/configuration.md.</summary>
static class Configuration
{
    public static void Host(WebApplicationBuilder builder, IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h =>
        {
            if (builder.Environment.IsDevelopment())
                h.UseEmulator();

            h.BaseAddress(builder.Configuration["PublicAddress"]!);
        });
    }
}
