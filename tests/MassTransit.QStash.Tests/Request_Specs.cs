using System.Net;
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
    public async Task Brings_the_response_to_the_replica_that_asked()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        var first = await StartReplica("orders-1");
        // The load balancer chooses this one from now on.
        var second = await StartReplica("orders-2");

        Assert.Equal(new CardCharged("1"), (await first.Request<ChargeCard, CardCharged>(new ChargeCard("1"))).Message);
        Assert.Equal(new CardCharged("2"), (await second.Request<ChargeCard, CardCharged>(new ChargeCard("2"))).Message);

        async Task<Service> StartReplica(string instance)
        {
            var replica = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>(),
                (_, cfg) => cfg.Host(h => h.InstanceBaseAddress(new Uri($"http://{instance}.test")))));

            cloud.Resolve($"{instance}.test", IPEndPoint.Parse(replica.LocalAddress.Authority));

            return replica;
        }
    }

    [Fact]
    public async Task Says_what_is_missing_when_a_response_reaches_the_wrong_replica()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        await orders.Send("http://orders.test/qstash/host_orders_bus_abc", new CardCharged("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Contains("InstanceBaseAddress", Assert.Single(orders.Log.Warnings), StringComparison.Ordinal);
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
