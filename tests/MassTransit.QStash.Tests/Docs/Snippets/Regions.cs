using Microsoft.Extensions.Configuration;
using QStash.Client;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/regions.md.</summary>
static class Regions
{
    public static void Host(IConfiguration configuration, IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h =>
        {
            h.Url(QStashRegion.GetUrl(QStashRegion.UsEast1));
            h.Token(configuration["UsToken"]!);
            h.SigningKeys(configuration["UsCurrentKey"]!, configuration["UsNextKey"]!);
            h.RegionSigningKeys(QStashRegion.EuCentral1, configuration["EuCurrentKey"]!, configuration["EuNextKey"]!);
        });
    }
}
