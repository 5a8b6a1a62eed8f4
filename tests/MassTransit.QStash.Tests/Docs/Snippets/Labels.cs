using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/labels.md.</summary>
static class Labels
{
    public static async Task Label(IQStashBusFactoryConfigurator cfg, ISendEndpoint endpoint)
    {
        await endpoint.Send(new ChargeCard("42"), x =>
        {
            x.AddLabel("customer-7");
            x.RedactBody();
        });

        cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.Labels.Add("charges")));
    }

    public static async Task CallWebhook(ISendEndpoint endpoint, string token) =>
        await endpoint.Send(new ChargeCard("42"), x =>
        {
            x.SendAsPlainJson();
            x.SetMethod(HttpMethod.Put);
            x.SetForwardHeader("Authorization", $"Bearer {token}");
            x.RedactHeaders("Authorization");
        });
}
