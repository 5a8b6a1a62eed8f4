using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/requests.md.</summary>
static class Requests
{
    sealed record CardRefused;

    public static async Task<bool> Ask(IRequestClient<ChargeCard> client, CancellationToken cancellationToken)
    {
        var response = await client.GetResponse<CardCharged, CardRefused>(new ChargeCard("42"), cancellationToken);

        return response.Is(out Response<CardCharged>? _);
    }

    public static void OneOrMore(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h => h.InstanceBaseAddress(new Uri("https://orders.example.com")));   // one replica: the base address leads here
        cfg.Host(h => h.HasReplicas());                                                // several, or QStash:HasReplicas
    }

    public static void Replicas(IQStashBusFactoryConfigurator cfg)
    {
        cfg.Host(h => h.InstanceBaseAddress(new Uri($"https://{Environment.GetEnvironmentVariable("INSTANCE_HOST")}")));
    }
}
