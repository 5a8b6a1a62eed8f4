using System.Net;
using MassTransit.QStash.Tests.Support;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

public class Subscribing
{
    const string Group = "MassTransit.QStash.Tests.Support.OrderSubmitted";

    /// <summary>The same service wherever it runs.</summary>
    static void Orders(ServiceBuilder s, string? serviceName) => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (_, cfg) => cfg.Host(h =>
    {
        if (serviceName is not null)
            h.ServiceName(serviceName);
    }));

    static async Task<IReadOnlyList<QStashEndpoint>> Members(Cloud cloud, string group = Group) =>
        (await cloud.Client.UrlGroups.GetAsync(group, Cancellation))?.Endpoints ?? [];

    [Fact]
    public async Task Tells_in_the_name_of_the_member_whose_endpoint_it_is()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("orders", s => Orders(s, "shop"));
        await cloud.StartServiceAsync("mail", s => Orders(s, serviceName: null));

        Assert.Equal(["shop OrderSubmitted", "mail.test_2Fqstash OrderSubmitted"], (await Members(cloud)).Select(x => x.Name));
    }

    /// <remarks>Contract 2.7: a member is replaced by one of the same name.</remarks>
    [Fact]
    public async Task Under_another_url_replaces_the_former_member_of_the_service()
    {
        await using var cloud = await Cloud.StartAsync();
        var old = await cloud.StartServiceAsync("orders-blue", s => Orders(s, "orders"));
        await old.StopAsync();

        var orders = await cloud.StartServiceAsync("orders-green", s => Orders(s, "orders"));
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["http://orders-green.test/qstash/OrderSubmitted"], (await Members(cloud)).Select(x => x.Url));
        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Contains(orders.Log.Warnings, line => line.Contains("ServiceName", StringComparison.Ordinal));
    }

    /// <summary>A QStash that takes members of the same URL for the same, which is as good a reading of the documentation.</summary>
    sealed class MatchingByUrl(Cloud cloud) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Post || !request.RequestUri!.AbsolutePath.EndsWith("/endpoints", StringComparison.Ordinal))
                return await base.SendAsync(request, cancellationToken);

            var members = await Members(cloud);
            var response = await base.SendAsync(request, cancellationToken);

            foreach (var replaced in members.ExceptBy((await Members(cloud)).Select(x => x.Url), x => x.Url))
                await cloud.Client.UrlGroups.UpsertEndpointsAsync(Group, [replaced with { Name = null }], cancellationToken);

            return response;
        }
    }

    [Fact]
    public async Task Under_another_url_replaces_the_former_member_also_where_QStash_matches_by_url()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(Group, [new QStashEndpoint { Url = "http://orders-blue.test/qstash/OrderSubmitted", Name = "orders OrderSubmitted" }], Cancellation);

        await cloud.StartServiceAsync("orders-green", s =>
        {
            Orders(s, "orders");
            s.InterceptApi(() => new MatchingByUrl(cloud));
        });

        Assert.Equal(["http://orders-green.test/qstash/OrderSubmitted"], (await Members(cloud)).Select(x => x.Url));
    }

    [Fact]
    public async Task Under_another_url_leaves_alone_what_others_have_at_the_former_one()
    {
        await using var cloud = await Cloud.StartAsync();
        var old = await cloud.StartServiceAsync("orders-blue", s => Orders(s, "orders"));
        await old.StopAsync();
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(Group,
        [
            new QStashEndpoint { Url = "http://orders-blue.test/qstash/OrderSubmitted", Name = "still needed" },
            new QStashEndpoint { Url = "http://orders-blue.test/hooks/payments", Name = "orders OrderSubmitted-hook" },
        ], Cancellation);

        await cloud.StartServiceAsync("orders-green", s => Orders(s, "orders"));

        Assert.Equal(["orders OrderSubmitted", "orders OrderSubmitted-hook", "still needed"], (await Members(cloud)).Select(x => x.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["http://orders-green.test/qstash/OrderSubmitted"], (await Members(cloud)).Where(x => x.Name == "orders OrderSubmitted").Select(x => x.Url));
    }

    [Fact]
    public async Task Leaves_another_service_alone_that_has_an_endpoint_of_the_same_name()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => Orders(s, "orders"));
        var billing = await cloud.StartServiceAsync("billing", s => Orders(s, "billing"));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Single(billing.Observed.Messages<OrderSubmitted>());
    }

    public interface ISecondBus : IBus;

    [Fact]
    public async Task Keeps_the_buses_of_a_service_apart()
    {
        await using var cloud = await Cloud.StartAsync();
        var shop = await cloud.StartServiceAsync("shop", s =>
        {
            Orders(s, "shop");
            s.Services.AddMassTransit<ISecondBus>(x =>
            {
                x.AddConsumer<Recorder<OrderSubmitted>>();
                x.UsingQStash((context, cfg) =>
                {
                    s.UseCloud(cfg);
                    cfg.Host(h =>
                    {
                        h.ServiceName("shop");
                        h.PathPrefix("second");
                    });
                    cfg.ConfigureEndpoints(context);
                });
            });
        });
        await WaitForHealth(shop);

        await shop.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(2, shop.Observed.Messages<OrderSubmitted>().Count);
        Assert.Empty(await shop.Bus.RemoveStaleSubscriptions(Cancellation));
        Assert.Equal(2, (await Members(cloud)).Count);

        static async Task WaitForHealth(Service service)
        {
            var bus = service.Services.GetRequiredService<IBusInstance<ISecondBus>>().BusControl;
            Assert.Equal(BusHealthStatus.Healthy, await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30)));
        }
    }

    [Fact]
    public async Task Counts_a_member_that_was_put_there_by_hand()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(Group, [new QStashEndpoint { Url = "http://orders.test/qstash/OrderSubmitted" }], Cancellation);

        var orders = await cloud.StartServiceAsync("orders", s => Orders(s, "orders"));
        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Single(await Members(cloud));
    }
}

/// <remarks>S10: endpoints that nobody needs any more still get everything.</remarks>
public class Stale_subscriptions
{
    const string OrderSubmitted = "MassTransit.QStash.Tests.Support.OrderSubmitted";
    const string CardCharged = "MassTransit.QStash.Tests.Support.CardCharged";

    static async Task<string[]> Members(Cloud cloud) =>
        (await cloud.Client.UrlGroups.ListAsync(Cancellation))
        .SelectMany(group => group.Endpoints.Select(member => $"{group.Name.Split('.')[^1]} {member.Url}"))
        .Order()
        .ToArray();

    /// <summary>A service that consumed two types in its first version, each on an endpoint of its own.</summary>
    static async Task FirstVersion(Cloud cloud)
    {
        var first = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.AddConsumer<Recorder<CardCharged>>();
        }));

        await first.StopAsync();
    }

    static Task<Service> SecondVersion(Cloud cloud) =>
        cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));

    [Fact]
    public async Task Are_reported_when_the_service_starts()
    {
        await using var cloud = await Cloud.StartAsync();
        await FirstVersion(cloud);

        var second = await SecondVersion(cloud);

        var warning = Assert.Single(second.Log.Warnings);
        Assert.Contains("http://orders.test/qstash/CardCharged", warning, StringComparison.Ordinal);
        Assert.Contains(nameof(QStashBusExtensions.RemoveStaleSubscriptions), warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Are_found_and_removed_on_demand()
    {
        await using var cloud = await Cloud.StartAsync();
        await FirstVersion(cloud);
        var second = await SecondVersion(cloud);

        var stale = Assert.Single(await second.Bus.GetStaleSubscriptions(Cancellation));
        Assert.Equal((CardCharged, "http://orders.test/qstash/CardCharged", "orders.test_2Fqstash CardCharged"), (stale.UrlGroup, stale.Url, stale.Name));
        Assert.Equal(2, (await Members(cloud)).Length);

        Assert.Equal([stale], await second.Bus.RemoveStaleSubscriptions(Cancellation));
        Assert.Equal(["OrderSubmitted http://orders.test/qstash/OrderSubmitted"], await Members(cloud));
        Assert.Empty(await second.Bus.GetStaleSubscriptions(Cancellation));
    }

    [Fact]
    public async Task Are_those_of_types_that_an_endpoint_has_ceased_to_consume()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
            e.Handler<CardCharged>(_ => Task.CompletedTask);
        })));
        await first.StopAsync();
        var second = await cloud.StartServiceAsync("orders", s => s.AddBus(null,
            (_, cfg) => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask))));

        await second.Bus.RemoveStaleSubscriptions(Cancellation);

        Assert.Equal(["OrderSubmitted http://orders.test/qstash/orders"], await Members(cloud));
    }

    [Fact]
    public async Task Can_be_removed_by_a_process_that_only_deploys_the_topology()
    {
        await using var cloud = await Cloud.StartAsync();
        await FirstVersion(cloud);
        var step = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.AddConsumer<Recorder<ChargeCard>>();
        }, (_, cfg) => cfg.DeployTopologyOnly = true));

        await step.Bus.RemoveStaleSubscriptions(Cancellation);

        Assert.Equal(["ChargeCard http://orders.test/qstash/ChargeCard", "OrderSubmitted http://orders.test/qstash/OrderSubmitted"], await Members(cloud));
    }

    [Fact]
    public async Task Are_never_those_of_others()
    {
        await using var cloud = await Cloud.StartAsync();
        await FirstVersion(cloud);
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(CardCharged,
        [
            // Another service behind the same address, another service altogether, and an own endpoint somebody chose.
            new QStashEndpoint { Url = "http://orders.test/qstash/reports", Name = "reports reports" },
            new QStashEndpoint { Url = "https://else.example.com/hook" },
            new QStashEndpoint { Url = "http://orders.test/qstash/OrderSubmitted" },
            // Put there by hand: below the base address, below the prefix, with and without a name, some of them as ours are written.
            new QStashEndpoint { Url = "http://orders.test/hooks/payments" },
            new QStashEndpoint { Url = "http://orders.test/qstash/gone" },
            new QStashEndpoint { Url = "http://orders.test/qstash/legacy", Name = "legacy" },
            new QStashEndpoint { Url = "http://orders.test/hooks/refunds", Name = "orders.test_2Fqstash accounting" },
            new QStashEndpoint { Url = "http://orders.test/hooks/audit", Name = "orders.test_2Fqstash audit of cards" },
        ], Cancellation);
        var second = await SecondVersion(cloud);

        Assert.Equal(["http://orders.test/qstash/CardCharged"], (await second.Bus.RemoveStaleSubscriptions(Cancellation)).Select(x => x.Url));

        Assert.Equal(
            [
                "CardCharged http://orders.test/hooks/audit", "CardCharged http://orders.test/hooks/payments", "CardCharged http://orders.test/hooks/refunds",
                "CardCharged http://orders.test/qstash/gone", "CardCharged http://orders.test/qstash/legacy", "CardCharged http://orders.test/qstash/OrderSubmitted",
                "CardCharged http://orders.test/qstash/reports", "CardCharged https://else.example.com/hook", "OrderSubmitted http://orders.test/qstash/OrderSubmitted",
            ],
            await Members(cloud));
        Assert.Single(second.Log.Warnings);
    }

    [Fact]
    public async Task Are_never_those_that_somebody_put_there_under_the_same_url()
    {
        await using var cloud = await Cloud.StartAsync();
        await FirstVersion(cloud);
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(CardCharged, [new QStashEndpoint { Url = "http://orders.test/qstash/CardCharged", Name = "mine" }], Cancellation);
        var second = await SecondVersion(cloud);

        await second.Bus.RemoveStaleSubscriptions(Cancellation);

        Assert.Equal("mine", Assert.Single((await cloud.Client.UrlGroups.GetAsync(CardCharged, Cancellation))!.Endpoints).Name);
    }

    [Fact]
    public async Task Are_not_those_of_a_group_whose_name_QStash_writes_in_another_case()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.InterceptApi(() => new LowerCase());
        });

        Assert.Empty(await orders.Bus.GetStaleSubscriptions(Cancellation));
    }

    sealed class LowerCase : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);

            if (request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath == "/v2/topics")
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = new StringContent(text.Replace(OrderSubmitted, OrderSubmitted.ToLowerInvariant(), StringComparison.Ordinal));
            }

            return response;
        }
    }

    [Fact]
    public async Task Are_no_matter_of_a_bus_on_another_transport()
    {
        var bus = MassTransit.Bus.Factory.CreateUsingInMemory(_ => { });

        await Assert.ThrowsAsync<ArgumentException>(() => bus.GetStaleSubscriptions(Cancellation));
    }
}

public class A_temporary_endpoint
{
    const string Group = "MassTransit.QStash.Tests.Support.OrderSubmitted";

    static async Task<Service> StartInstance(Cloud cloud, string instance, Action<ServiceBuilder>? configure = null, bool hasId = true)
    {
        var service = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e =>
            {
                if (hasId)
                    e.InstanceId = instance;

                e.Temporary = true;
            }), (_, cfg) => cfg.Host(h => h.InstanceBaseAddress(new Uri($"http://{instance}.test"))));
            configure?.Invoke(s);
        });

        cloud.Resolve($"{instance}.test", IPEndPoint.Parse(service.LocalAddress.Authority));

        return service;
    }

    /// <summary>Starts an instance and ends it so that it cannot say goodbye.</summary>
    static async Task StartAndCrash(Cloud cloud, string instance)
    {
        var power = new Power();
        await using var service = await StartInstance(cloud, instance, s => s.InterceptApi(() => new PoweredBy(power)));

        power.IsOut = true;
    }

    sealed class Power
    {
        public bool IsOut { get; set; }
    }

    sealed class PoweredBy(Power power) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            power.IsOut ? throw new InvalidOperationException("The power is out.") : base.SendAsync(request, cancellationToken);
    }

    static async Task<string[]> Members(Cloud cloud) =>
        (await cloud.Client.UrlGroups.GetAsync(Group, Cancellation))?.Endpoints.Select(x => x.Url!).Order().ToArray() ?? [];

    [Fact]
    public async Task Brings_a_copy_to_each_instance_of_a_service()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await StartInstance(cloud, "orders-1");
        var second = await StartInstance(cloud, "orders-2");

        await first.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(first.Observed.Messages<OrderSubmitted>());
        Assert.Single(second.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Brings_a_copy_to_each_instance_also_without_an_id_in_its_name()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await StartInstance(cloud, "orders-1", hasId: false);
        var second = await StartInstance(cloud, "orders-2", hasId: false);

        await first.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(first.Observed.Messages<OrderSubmitted>());
        Assert.Single(second.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Leaves_its_url_groups_when_it_stops()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await StartInstance(cloud, "orders-1");
        await StartInstance(cloud, "orders-2");

        await first.StopAsync();

        Assert.Equal(["http://orders-2.test/qstash/OrderSubmittedorders-2"], await Members(cloud));
    }

    [Fact]
    public async Task Leaves_alone_what_somebody_put_there_under_its_url()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await StartInstance(cloud, "orders-1");
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(Group,
            [new QStashEndpoint { Url = "http://orders-1.test/qstash/OrderSubmittedorders-1", Name = "mine" }], Cancellation);

        await first.StopAsync();

        Assert.Equal(["mine"], (await cloud.Client.UrlGroups.GetAsync(Group, Cancellation))!.Endpoints.Select(x => x.Name));
    }

    [Fact]
    public async Task Leaves_its_url_groups_when_it_is_taken_off_the_bus()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        var handle = orders.Bus.ConnectReceiveEndpoint(new TemporaryEndpointDefinition(), null, e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
        await handle.Ready.WaitAsync(Cancellation);
        Assert.StartsWith("http://orders.test/qstash/", Assert.Single(await Members(cloud)), StringComparison.Ordinal);
        await handle.StopAsync(Cancellation);

        Assert.Empty(await Members(cloud));
        // Any replica may be asked for it, as it has no address of its own.
        await orders.Log.WaitForWarningAsync("QStash:InstanceBaseAddress");
    }

    [Fact]
    public async Task Of_a_process_that_crashed_is_removed_by_the_next_start_of_the_service_once_its_lease_is_over()
    {
        await using var cloud = await Cloud.StartAsync();
        await StartAndCrash(cloud, "orders-1");

        var second = await StartInstance(cloud, "orders-2");
        Assert.Equal(2, (await Members(cloud)).Length);
        await second.StopAsync();

        await cloud.AdvanceAsync(TimeSpan.FromHours(1));
        await StartInstance(cloud, "orders-3");

        Assert.Equal(["http://orders-3.test/qstash/OrderSubmittedorders-3"], await Members(cloud));
    }

    [Fact]
    public async Task That_lives_on_renews_its_lease_and_buries_those_that_did_not()
    {
        await using var cloud = await Cloud.StartAsync();
        await StartAndCrash(cloud, "orders-1");
        var timers = new TimerWatch(cloud.Clock);
        var second = await StartInstance(cloud, "orders-2", s => s.Services.AddSingleton<TimeProvider>(timers));

        // For twice as long as a lease, which is renewed three times meanwhile.
        for (var i = 0; i < 6; i++)
            await cloud.AdvanceAsync(await WaitForRenewal());

        await WaitForRenewal();
        Assert.Equal(["http://orders-2.test/qstash/OrderSubmittedorders-2"], await Members(cloud));
        await second.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();
        Assert.Single(second.Observed.Messages<OrderSubmitted>());

        Task<TimeSpan> WaitForRenewal() => timers.WaitForTimerAsync(limit: TimeSpan.FromMinutes(21), longerThan: TimeSpan.FromMinutes(19));
    }

    [Fact]
    public async Task Of_another_service_stays_however_old_its_lease_is()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.Client.UrlGroups.UpsertEndpointsAsync(Group, [new QStashEndpoint { Url = "https://cache.example.com/qstash/cache", Name = "cache cache.Kq2_x91Z until 1" }], Cancellation);

        await StartInstance(cloud, "orders-1");

        Assert.Contains("https://cache.example.com/qstash/cache", await Members(cloud));
    }

    [Fact]
    public async Task Of_another_process_is_not_stale()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await StartInstance(cloud, "orders-1");
        await StartInstance(cloud, "orders-2");

        Assert.Empty(await first.Bus.GetStaleSubscriptions(Cancellation));
        Assert.Empty(await first.Bus.RemoveStaleSubscriptions(Cancellation));
        Assert.Equal(2, (await Members(cloud)).Length);
    }
}
