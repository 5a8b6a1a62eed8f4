using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

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

    /// <summary>Two replicas behind one URL, which leads to the second.</summary>
    static async Task<(Service First, Service Second, Task Refused)> StartReplicas(Cloud cloud)
    {
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>()));
        var second = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddRequestClient<ChargeCard>());
            s.Map(app =>
            {
                app.Use(async (context, next) =>
                {
                    // So that the next attempt makes a connection of its own.
                    context.Response.Headers.Connection = "close";
                    await next();
                    refused.TrySetResult();
                });
                app.MapQStash();
            });
        });

        return (first, second, refused.Task);
    }

    [Fact]
    public async Task Finds_the_replica_that_asked_at_the_next_attempt_if_the_load_balancer_takes_turns()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        var (first, second, refused) = await StartReplicas(cloud);

        var asking = first.Request<ChargeCard, CardCharged>(new ChargeCard("42"));
        await refused.WaitAsync(Cancellation);
        await cloud.WaitUntilIdleAsync();
        cloud.Resolve("orders.test", IPEndPoint.Parse(first.LocalAddress.Authority));
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(new CardCharged("42"), (await asking).Message);
        Assert.Contains("InstanceBaseAddress", Assert.Single(second.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warns_at_the_first_request_that_another_replica_may_get_the_response()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>()));
        Assert.Empty(orders.Log.Warnings);

        await orders.Request<ChargeCard, CardCharged>(new ChargeCard("1"));
        await orders.Request<ChargeCard, CardCharged>(new ChargeCard("2"));

        await orders.Log.WaitForWarningAsync("QStash:InstanceBaseAddress");
        Assert.Single(orders.Log.Warnings);
    }

    [Fact]
    public async Task Does_not_warn_where_the_one_replica_says_so()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>(),
            (_, cfg) => cfg.Host(h => h.InstanceBaseAddress(s.BaseAddress))));

        await orders.Request<ChargeCard, CardCharged>(new ChargeCard("1"));

        Assert.Empty(orders.Log.Warnings);
    }

    [Fact]
    public async Task Fails_at_once_where_replicas_share_the_address_and_none_leads_here()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddRequestClient<ChargeCard>();
            x.AddConsumer<Recorder<CardCharged>>();
        }, (_, cfg) => cfg.Host(h => h.HasReplicas())));

        var exception = await Assert.ThrowsAsync<RequestException>(() => orders.Request<ChargeCard, CardCharged>(new ChargeCard("1")));

        Assert.Contains("QStash:InstanceBaseAddress is missing", Assert.IsType<ConfigurationException>(exception.GetBaseException()).Message, StringComparison.Ordinal);
        Assert.Empty(cloud.Emulator.GetSnapshot().User("defaultUser").Messages);

        // What needs no response does not need the address.
        await orders.Publish(new CardCharged("1"));
        await cloud.WaitUntilIdleAsync();
        Assert.Single(orders.Observed.Messages<CardCharged>());
    }

    /// <remarks>As a saga makes its requests.</remarks>
    [Fact]
    public async Task Goes_on_among_replicas_where_the_response_comes_to_an_endpoint_that_all_of_them_have()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<CardCharged>>().Endpoint(e => e.Name = "charged"),
            (_, cfg) => cfg.Host(h => h.HasReplicas())));

        await orders.Bus.Publish(new ChargeCard("42"), x =>
        {
            x.RequestId = NewId.NextGuid();
            x.ResponseAddress = new Uri("http://orders.test/qstash/charged");
        }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new CardCharged("42")], orders.Observed.Messages<CardCharged>());
    }

    [Fact]
    public async Task Works_where_replicas_share_the_address_and_each_has_one_of_its_own()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["QStash:HasReplicas"] = "true", ["QStash:InstanceBaseAddress"] = "http://orders-1.test" });
            s.AddBus(x => x.AddRequestClient<ChargeCard>());
        });
        cloud.Resolve("orders-1.test", IPEndPoint.Parse(orders.LocalAddress.Authority));

        Assert.Equal(new CardCharged("1"), (await orders.Request<ChargeCard, CardCharged>(new ChargeCard("1"))).Message);
        Assert.Empty(orders.Log.Warnings);
    }

    public static TheoryData<string, Action<IBusRegistrationConfigurator>, Action<IQStashHostConfigurator>> NoAddresses { get; } = new()
    {
        { "temporary endpoint 'cache'", x => x.AddConsumer<Recorder<CardCharged>>().Endpoint(e => (e.Name, e.Temporary) = ("cache", true)), _ => { } },
        { "the same as the base address", _ => { }, h => h.InstanceBaseAddress(new Uri("http://orders.test/")) },
    };

    [Theory]
    [MemberData(nameof(NoAddresses))]
    public async Task Has_company_where_the_bus_does_not_start_because_it_needs_an_address_that_leads_here(string problem,
        Action<IBusRegistrationConfigurator> register, Action<IQStashHostConfigurator> configure)
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => cloud.Build("orders", s => s.AddBus(register, (_, cfg) => cfg.Host(h =>
        {
            h.HasReplicas();
            configure(h);
        }))));

        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Contains("QStash:InstanceBaseAddress", exception.Message, StringComparison.Ordinal);
    }

    public record CardRefused(string Reason);

    sealed class ChoosyCharger : IConsumer<ChargeCard>
    {
        public Task Consume(ConsumeContext<ChargeCard> context) => context.Message.OrderId == "42"
            ? context.RespondAsync(new CardCharged(context.Message.OrderId))
            : context.RespondAsync(new CardRefused("Who is this?"));
    }

    [Fact]
    public async Task Brings_the_response_of_whichever_type_it_is()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>()));
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<ChoosyCharger>()));
        await using var scope = orders.Services.CreateAsyncScope();
        var client = scope.ServiceProvider.GetRequiredService<IRequestClient<ChargeCard>>();

        var charged = await client.GetResponse<CardCharged, CardRefused>(new ChargeCard("42"), Cancellation);
        var refused = await client.GetResponse<CardCharged, CardRefused>(new ChargeCard("43"), Cancellation);

        Assert.True(charged.Is(out Response<CardCharged>? _));
        Assert.True(refused.Is(out Response<CardRefused>? response));
        Assert.Equal("Who is this?", response.Message.Reason);
    }

    public record PlaceOrder(string OrderId);

    public record OrderPlaced(string OrderId);

    sealed class OrderPlacer(IRequestClient<ChargeCard> billing) : IConsumer<PlaceOrder>
    {
        public async Task Consume(ConsumeContext<PlaceOrder> context)
        {
            var charged = await billing.GetResponse<CardCharged>(new ChargeCard(context.Message.OrderId));

            await context.RespondAsync(new OrderPlaced(charged.Message.OrderId));
        }
    }

    [Fact]
    public async Task Works_from_within_a_consumer()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>()));
        await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<OrderPlacer>();
            x.AddRequestClient<ChargeCard>();
        }));
        var shop = await cloud.StartServiceAsync("shop", s => s.AddBus(x => x.AddRequestClient<PlaceOrder>()));

        Assert.Equal(new OrderPlaced("42"), (await shop.Request<PlaceOrder, OrderPlaced>(new PlaceOrder("42"))).Message);
    }

    [Fact]
    public async Task Goes_to_the_address_of_a_service_too()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Charger>().Endpoint(e => e.Name = "charge-card")));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>(new Uri("http://billing.test/qstash/charge-card"))));

        Assert.Equal(new CardCharged("42"), (await orders.Request<ChargeCard, CardCharged>(new ChargeCard("42"))).Message);
    }

    [Fact]
    public async Task Gives_up_after_its_timeout_and_the_late_request_is_not_consumed()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddRequestClient<ChargeCard>(RequestTimeout.After(ms: 100))));
        await cloud.Client.UrlGroups.UpsertEndpointsAsync("MassTransit.QStash.Tests.Support.ChargeCard",
            [new QStashEndpoint { Url = "http://billing.test/qstash/ChargeCard" }], Cancellation);

        // On MassTransit's own, real, timer.
        await Assert.ThrowsAsync<RequestTimeoutException>(() => orders.Request<ChargeCard, CardCharged>(new ChargeCard("42")));

        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>()));
        await cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Empty(billing.Observed.Messages<ChargeCard>());
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
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
