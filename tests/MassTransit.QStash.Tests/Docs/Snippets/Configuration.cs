using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using QStash.Client;

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

        var configuration = builder.Configuration;

        cfg.Host(h =>
        {
            h.Url(QStashRegion.GetUrl(QStashRegion.UsEast1));
            h.Token(configuration["UsToken"]!);
            h.SigningKeys(configuration["UsCurrentKey"]!, configuration["UsNextKey"]!);
            h.RegionSigningKeys(QStashRegion.EuCentral1, configuration["EuCurrentKey"]!, configuration["EuNextKey"]!);
        });
    }
}
