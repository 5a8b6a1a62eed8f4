using MassTransit.QStash.Tests.Support;
using QStash.Client;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

public class Sending_to_the_name_of_an_endpoint
{
    public interface ISecondBus : IBus;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_another_service_reaches_it(bool useDirectory)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, Configure));
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card"), Configure));

        await orders.Send("queue:charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        var context = Assert.Single(billing.Observed.Contexts<ChargeCard>());
        Assert.Equal(new Uri("http://billing.test/qstash/charge-card"), context.DestinationAddress);

        void Configure(IBusRegistrationContext context, IQStashBusFactoryConfigurator cfg)
        {
            if (useDirectory)
                cfg.Host(h => h.UseDirectory());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Finds_one_that_subscribes_to_nothing(bool useDirectory)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            if (useDirectory)
                cfg.Host(h => h.UseDirectory());
        }));
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().ExcludeFromConfigureEndpoints(), (context, cfg) =>
        {
            if (useDirectory)
                cfg.Host(h => h.UseDirectory());
            cfg.ReceiveEndpoint("charge-card", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.ConfigureConsumer<Recorder<ChargeCard>>(context);
            });
        }));

        await orders.Send("queue:charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(billing.Observed.Messages<ChargeCard>());
        Assert.Empty(billing.Log.Warnings);
    }

    [Fact]
    public async Task That_another_process_of_the_own_service_has_reaches_it()
    {
        await using var cloud = await Cloud.StartAsync();
        var worker = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        // It has the same base address, at which the worker answers.
        var web = await cloud.StartServiceAsync("web", s => s.AddBus(null, (_, cfg) => cfg.Host("http://orders.test")));

        await web.Send("queue:charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(worker.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task That_nobody_has_fails_and_says_what_was_found_and_what_to_do()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));

        var exception = await Assert.ThrowsAsync<EndpointNotFoundException>(() => orders.Send("queue:charge-cart", new ChargeCard("42")));

        Assert.Contains("'charge-cart'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("charge-card", exception.Message, StringComparison.Ordinal);
        Assert.Contains("h.Route(\"charge-cart\"", exception.Message, StringComparison.Ordinal);
        Assert.Empty((await cloud.Client.Logs.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task That_two_services_have_fails_and_names_both()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card"), (_, cfg) => cfg.Host(h => h.ServiceName("billing"))));
        await cloud.StartServiceAsync("payments", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));

        var exception = await Assert.ThrowsAsync<EndpointNotFoundException>(() => orders.Send("queue:charge-card", new ChargeCard("42")));

        Assert.Contains("'billing' at http://billing.test/qstash/charge-card", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'payments.test/qstash' at http://payments.test/qstash/charge-card", exception.Message, StringComparison.Ordinal);
        Assert.Contains("h.Route(\"charge-card\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Costs_no_read_within_the_bus_and_along_a_route_and_one_for_all_others()
    {
        var calls = new ApiCalls();
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.ReceiveEndpoint("charge", e => e.Handler<ChargeCard>(_ => Task.CompletedTask));
            cfg.ReceiveEndpoint("refund", e => e.Handler<ChargeCard>(_ => Task.CompletedTask));
        }));
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(calls.Handler);
            s.AddBus(null, (_, cfg) =>
            {
                cfg.Host(h =>
                {
                    h.DeployTopology(false);
                    h.Route("routed", new Uri("http://billing.test/qstash/charge"));
                });
                cfg.ReceiveEndpoint("own", e => e.Handler<ChargeCard>(_ => Task.CompletedTask));
            });
        });

        await orders.Send("queue:own", new ChargeCard("1"));
        await orders.Send("queue:routed", new ChargeCard("2"));
        Assert.DoesNotContain("GET /v2/topics", calls.All);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => orders.Send(i % 2 == 0 ? "queue:charge" : "queue:refund", new ChargeCard($"{i}"))));
        Assert.Single(calls.All, "GET /v2/topics");
    }

    [Fact]
    public async Task Needs_no_read_where_the_start_has_read_the_groups()
    {
        var calls = new ApiCalls();
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("charge", e => e.Handler<ChargeCard>(_ => Task.CompletedTask))));
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(calls.Handler);
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("own", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask)));
        });

        await orders.Send("queue:charge", new ChargeCard("1"));

        Assert.Single(calls.All, "GET /v2/topics");
    }

    [Fact]
    public async Task Finds_a_service_that_came_later_and_looks_for_it_only_now_and_then()
    {
        var calls = new ApiCalls();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(calls.Handler);
            s.AddBus();
        });
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));

        for (var i = 0; i < 20; i++)
            await Assert.ThrowsAsync<EndpointNotFoundException>(() => endpoint.Send(new ChargeCard("42"), Cancellation));

        Assert.InRange(calls.All.Count(call => call == "GET /v2/topics"), 1, 3);

        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(10));
        await endpoint.Send(new ChargeCard("42"), Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Single(billing.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Follows_a_service_that_moved()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        var former = await StartBilling("former");
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));
        await endpoint.Send(new ChargeCard("1"), Cancellation);
        await cloud.WaitUntilIdleAsync();

        await former.StopAsync();
        var moved = await StartBilling("moved");
        await cloud.AdvanceAsync(TimeSpan.FromSeconds(30));
        await endpoint.Send(new ChargeCard("2"), Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new ChargeCard("1")], former.Observed.Messages<ChargeCard>());
        Assert.Equal([new ChargeCard("2")], moved.Observed.Messages<ChargeCard>());

        Task<Service> StartBilling(string host) => cloud.StartServiceAsync(host, s => s.AddBus(
            x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card"), (_, cfg) => cfg.Host(h => h.ServiceName("billing"))));
    }

    [Fact]
    public async Task That_only_a_temporary_endpoint_has_fails()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e =>
        {
            e.Name = "charge-card";
            e.Temporary = true;
        })));

        await Assert.ThrowsAsync<EndpointNotFoundException>(() => orders.Send("queue:charge-card", new ChargeCard("42")));
    }

    [Fact]
    public async Task Takes_no_member_for_an_endpoint_that_was_put_into_a_group_by_hand()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        await cloud.Client.UrlGroups.UpsertEndpointsAsync("hooks", [new QStashEndpoint { Url = "https://example.com/hook", Name = "our charge-card" }], Cancellation);

        await Assert.ThrowsAsync<EndpointNotFoundException>(() => orders.Send("queue:charge-card", new ChargeCard("42")));
    }

    [Fact]
    public async Task Fails_while_the_groups_cannot_be_read_unless_it_is_known()
    {
        var isDown = false;
        await using var cloud = await Cloud.StartAsync();
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(() => new Refusing(request => isDown && request.Method == HttpMethod.Get));
            s.AddBus();
        });

        isDown = true;
        await Assert.ThrowsAsync<QStashAuthenticationException>(() => orders.Send("queue:charge-card", new ChargeCard("1")));

        isDown = false;
        await orders.Send("queue:charge-card", new ChargeCard("2"));

        isDown = true;
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(5));
        await orders.Send("queue:charge-card", new ChargeCard("3"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new ChargeCard("2"), new ChargeCard("3")], billing.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Of_another_bus_of_the_process_reaches_it_without_a_read()
    {
        var calls = new ApiCalls();
        await using var cloud = await Cloud.StartAsync();
        var shop = await cloud.StartServiceAsync("shop", s =>
        {
            s.InterceptApi(calls.Handler);
            s.AddBus(null, (_, cfg) => cfg.Host(h => h.DeployTopology(false)));
            s.Services.AddMassTransit<ISecondBus>(x =>
            {
                x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card");
                x.UsingQStash((context, cfg) =>
                {
                    s.UseCloud(cfg);
                    cfg.Host(h => h.DeployTopology(false));
                    cfg.ConfigureEndpoints(context);
                });
            });
        });

        await shop.Send("queue:charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(shop.Observed.Messages<ChargeCard>());
        Assert.DoesNotContain("GET /v2/topics", calls.All);
    }

    [Theory]
    [InlineData("queue:Charge-Card")]
    [InlineData("QUEUE:charge-card")]
    [InlineData("queue:charge-card/")]
    [InlineData("queue:charge-card?durable=false&autodelete=true")]
    [InlineData("exchange:charge-card")]
    [InlineData("exchange:CHARGE-CARD?type=topic")]
    public async Task Reaches_it_as_it_is_spelled_there_whoever_has_it(string address)
    {
        await using var cloud = await Cloud.StartAsync();
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        await billing.Send(address, new ChargeCard("own"));
        await orders.Send(address, new ChargeCard("other"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["other", "own"], billing.Observed.Messages<ChargeCard>().Select(message => message.OrderId).Order());
        Assert.All(billing.Observed.Contexts<ChargeCard>(), context => Assert.Equal(new Uri("http://billing.test/qstash/charge-card"), context.DestinationAddress));
        Assert.Empty(billing.Log.Warnings);
    }

    [Theory]
    [InlineData("exchange:payments", "topic:payments")]
    [InlineData("queue:a b", "letters, digits")]
    [InlineData("queue://charge-card", "letters, digits")]
    [InlineData("exchange:Contracts:ChargeCard", "letters, digits")]
    [InlineData("loopback://localhost/charge-card", "queue:charge-card")]
    [InlineData("rabbitmq://user:secret@host/vhost/charge-card?durable=true", "queue:charge-card")]
    public async Task In_a_way_that_means_nothing_here_fails_with_what_to_write(string address, string hint)
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.StartServiceAsync("billing", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("charge-card", e =>
        {
            e.Subscribe("payments");
            e.Handler<ChargeCard>(_ => Task.CompletedTask);
        })));
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => orders.Send(address, new ChargeCard("42")));

        Assert.Contains(hint, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Works_for_what_is_scheduled_recurs_and_is_requested()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddQStashMessageScheduler();
            x.AddRequestClient<ChargeCard>(new Uri("queue:charge"));
        }, (_, cfg) => cfg.Host(h => h.ServiceName("orders"))));
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().ExcludeFromConfigureEndpoints(), (context, cfg) =>
        {
            cfg.ReceiveEndpoint("charge", e => e.Handler<ChargeCard>(x => x.RespondAsync(new CardCharged(x.Message.OrderId))));
            cfg.ReceiveEndpoint("orders", e => e.ConfigureConsumer<Recorder<OrderSubmitted>>(context));
        }));

        await using (var scope = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateAsyncScope(orders.Services))
        {
            var scheduler = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<IMessageScheduler>(scope.ServiceProvider);
            await scheduler.ScheduleSend(new Uri("queue:orders"), cloud.Clock.GetUtcNow().AddHours(1).UtcDateTime, new OrderSubmitted("scheduled"), Cancellation);
        }

        var response = await orders.Request<ChargeCard, CardCharged>(new ChargeCard("42"));
        await cloud.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal("42", response.Message.OrderId);
        Assert.Equal([new OrderSubmitted("scheduled")], billing.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Leaves_the_only_group_of_a_small_plan_to_what_is_published()
    {
        await using var cloud = await Cloud.StartAsync(quota: QuotaPlan.Free);
        var commands = await StartAsync("commands", false);
        Assert.Equal(["masstransit-endpoints"], await UrlGroups());

        var orders = await StartAsync("orders", true);
        Assert.DoesNotContain("masstransit-endpoints", await UrlGroups());
        Assert.Contains("h.UseDirectory()", Assert.Single(orders.Log.Warnings), StringComparison.Ordinal);
        Assert.Empty(commands.Log.Warnings);

        var more = await StartAsync("more", false);
        Assert.Contains("more-endpoint", Assert.Single(more.Log.Warnings), StringComparison.Ordinal);

        Task<Service> StartAsync(string name, bool subscribes) => cloud.StartServiceAsync(name, s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint($"{name}-endpoint", e =>
        {
            e.ConfigureConsumeTopology = subscribes;
            e.Handler<ChargeCard>(_ => Task.CompletedTask);
        })));

        async Task<IEnumerable<string>> UrlGroups() => (await cloud.Client.UrlGroups.ListAsync(Cancellation)).Select(group => group.Name);
    }

    sealed class Refusing(Func<HttpRequestMessage, bool> isRefused) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => isRefused(request)
            ? Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.Unauthorized) { Content = new StringContent("""{"error":"refused"}""") })
            : base.SendAsync(request, cancellationToken);
    }
}
