using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests.Docs.Snippets;

/// <summary>The C# of docs/labels.md.</summary>
static class Labels
{
    public static async Task Label(IQStashBusFactoryConfigurator cfg, ISendEndpoint endpoint)
    {
        await endpoint.Send(new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.Labels.Add("customer-7");
            d.RedactFields.Add("body");
        }));

        cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.Labels.Add("charges")));
    }

    public static async Task CallWebhook(ISendEndpoint endpoint, string token) =>
        await endpoint.Send(new ChargeCard("42"), x => x.UseQStash(d =>
        {
            d.PlainJson = true;
            d.Method = HttpMethod.Put;
            d.ForwardHeaders["Authorization"] = $"Bearer {token}";
            d.RedactFields.Add("header[Authorization]");
        }));
}
