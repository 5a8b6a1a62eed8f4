namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/hosting.md.</summary>
static class Hosting
{
    public static void Timeout(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h => h.Delivery(d => d.Timeout = TimeSpan.FromSeconds(220)));
    }
}
