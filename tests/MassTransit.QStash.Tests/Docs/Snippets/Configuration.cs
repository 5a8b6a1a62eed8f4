using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/configuration.md.</summary>
static class Configuration
{
    public static void Host(WebApplicationBuilder builder, IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(builder.Configuration["PublicAddress"]!, h =>
        {
            if (builder.Environment.IsDevelopment())
                h.UseEmulator();
        });
    }
}
