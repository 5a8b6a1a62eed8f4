using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public class Requesting
{
    sealed class Charger : IConsumer<ChargeCard>
    {
        public Task Consume(ConsumeContext<ChargeCard> context) => context.Message.OrderId.Length == 0
            ? throw new InvalidOperationException("An order has an id.")
            : context.RespondAsync(new CardCharged(context.Message.OrderId));
    }

    [Fact]
    public async Task Brings_the_response_of_another_service()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>()));
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));

        var response = await orders.Request<ChargeCard, CardCharged>(new ChargeCard("42"));

        Assert.Equal(new CardCharged("42"), response.Message);
        Assert.StartsWith("http://orders.test/qstash/", response.DestinationAddress!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Brings_the_fault_of_another_service()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>()));
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));

        var exception = await Assert.ThrowsAsync<RequestFaultException>(() => orders.Request<ChargeCard, CardCharged>(new ChargeCard("")));

        Assert.Contains("An order has an id.", exception.Fault!.Exceptions.Select(x => x.Message));
    }
}
