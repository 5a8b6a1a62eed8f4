using Bridge.Contracts;
using MassTransit;

namespace Bridge.Shop;

/// <summary>The service that has not moved. Nothing in it knows of QStash.</summary>
public static class ShopRegistration
{
    public static void AddShop(this IBusRegistrationConfigurator x)
    {
        x.AddConsumer<CardChargedConsumer>().Endpoint(e => e.Name = "shop-card-charged");
        x.AddRequestClient<CheckCredit>();
    }

    public static async Task PlaceOrder(this IServiceProvider services, decimal total)
    {
        var orderId = NewId.NextGuid();
        var credit = await services.GetRequiredService<IRequestClient<CheckCredit>>().GetResponse<CreditApproved>(new CheckCredit(total));
        var chargeCard = await services.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("queue:charge-card"));

        await services.GetRequiredService<IPublishEndpoint>().Publish(new OrderSubmitted(orderId, total));
        await chargeCard.Send(new ChargeCard(orderId, credit.Message.Total));
    }
}
