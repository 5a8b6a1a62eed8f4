using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class MapQStash_called_twice
{
    public static readonly TheoryData<string, Action<WebApplication>> Ways = new()
    {
        { "twice", app => { app.MapQStash(); app.MapQStash(); } },
        { "in a group too", app => { app.MapQStash(); app.MapGroup("").MapQStash(); } },
        { "in two groups", app => { app.MapGroup("").MapQStash(); app.MapGroup("").MapQStash(); } },
        { "in a group with a path too", app => { app.MapGroup("/internal").MapQStash(); app.MapQStash(); } },
        { "beside a page for everything", app => { app.MapQStash(); app.MapGroup("").MapQStash(); app.MapFallback(() => "a page"); } },
        { "for two hosts", app => { app.MapGroup("").MapQStash().RequireHost("elsewhere.test"); app.MapQStash(); } },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Is_once(string way, Action<WebApplication> map)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"));
            s.Services.AddMassTransit<IBillingBus>(x =>
            {
                x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "billing");
                x.UsingQStash((context, cfg) =>
                {
                    s.UseCloud(cfg);
                    cfg.Host(h => h.PathPrefix("billing"));
                    cfg.ConfigureEndpoints(context);
                });
            });
            s.Map(map);
        });

        await orders.Send("http://orders.test/qstash/orders", new OrderSubmitted(way));
        await orders.Send("http://orders.test/billing/billing", new ChargeCard(way));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted(way)], orders.Observed.Messages<OrderSubmitted>());
        Assert.Equal([new ChargeCard(way)], orders.Observed.Messages<ChargeCard>());
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Returns_the_same_routes()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.Map(app =>
            {
                app.MapQStash();
                app.MapQStash().WithMetadata("of the second call");
            });
        });

        var route = Assert.Single(orders.Services.GetRequiredService<EndpointDataSource>().Endpoints);

        Assert.Contains("of the second call", route.Metadata);
    }

    public interface IBillingBus : IBus;
}

public class An_endpoint_that_is_connected_to_a_running_bus
{
    [Theory]
    [InlineData("qstash", "orders", true)]
    [InlineData("QStash", "Orders", true)]
    [InlineData("qstash", "billing", false)]
    [InlineData("billing", "orders", false)]
    public async Task Is_refused_under_a_name_that_another_bus_has_on_the_same_path(string pathPrefix, string name, bool isRefused)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, pathPrefix);
        var billing = orders.Services.GetRequiredService<IBillingBus>();
        var consumed = 0;

        async Task Connect()
        {
            var handle = ((IReceiveConnector)billing).ConnectReceiveEndpoint(name, e => e.Handler<ChargeCard>(_ =>
            {
                consumed++;
                return Task.CompletedTask;
            }));
            await handle.Ready;
        }

        if (isRefused)
        {
            var exception = await Assert.ThrowsAsync<ConfigurationException>(Connect);
            Assert.Contains("PathPrefix", exception.Message, StringComparison.Ordinal);
            Assert.Contains("'default'", exception.Message, StringComparison.Ordinal);
        }
        else
            await Connect();

        await orders.Publish(new OrderSubmitted("42"));
        await orders.Send($"http://orders.test/{pathPrefix.ToLowerInvariant()}/{name.ToLowerInvariant()}", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        // The one that was there goes on as before.
        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
        Assert.Equal(isRefused ? 0 : 1, consumed);
    }

    [Fact]
    public async Task Takes_a_name_that_the_other_bus_has_given_up()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, "qstash");
        var first = orders.Bus.ConnectReceiveEndpoint("cards", e => e.Handler<ChargeCard>(_ => Task.CompletedTask));
        await first.Ready;
        var billing = (IReceiveConnector)orders.Services.GetRequiredService<IBillingBus>();
        Assert.Throws<ConfigurationException>(() => billing.ConnectReceiveEndpoint("cards"));

        await first.StopAsync(Cancellation);

        await billing.ConnectReceiveEndpoint("cards").Ready;
    }

    static Task<Service> StartAsync(Cloud cloud, string pathPrefix) => cloud.StartServiceAsync("orders", s =>
    {
        s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"));
        s.Services.AddMassTransit<IBillingBus>(x => x.UsingQStash((_, cfg) =>
        {
            s.UseCloud(cfg);
            cfg.Host(h => h.PathPrefix(pathPrefix));
        }));
    });

    public interface IBillingBus : IBus;
}

public class Building_an_application
{
    [Fact]
    public async Task Leaves_no_log_context_behind_with_its_caller()
    {
        await using var cloud = await Cloud.StartAsync();

        var orders = cloud.Build("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        Assert.Null(LogContext.Current);

        cloud.Build("shop", s =>
        {
            s.AddBus();
            s.Map(app => app.Services.GetRequiredService<IBus>());
        });
        Assert.Null(LogContext.Current);

        await orders.StartAsync();
    }

    [Fact]
    public async Task Again_after_the_first_is_gone_works_and_logs_to_the_second()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = await cloud.StartServiceAsync("first", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        // Leaves MassTransit's log context in the flow of this test, as any call of a bus does.
        await first.Bus.Publish(new OrderSubmitted("1"), Cancellation);
        await cloud.WaitUntilIdleAsync();
        await first.StopAsync();
        await first.DisposeAsync();
        var linesOfFirst = first.Log.Lines.Count;

        var second = await cloud.StartServiceAsync("second", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "cards")));
        await second.Publish(new ChargeCard("2"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(second.Observed.Messages<ChargeCard>());
        Assert.Contains(second.Log.Lines, line => line.Contains("RECEIVE http://second.test/qstash/cards", StringComparison.Ordinal));
        Assert.DoesNotContain(first.Log.Lines.Skip(linesOfFirst), line => line.Contains("RECEIVE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Beside_another_logs_to_its_own_log()
    {
        await using var cloud = await Cloud.StartAsync();
        var first = cloud.Build("first", s => s.AddBus());
        var second = cloud.Build("second", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "cards")));
        await first.StartAsync();
        await second.StartAsync();

        await second.Publish(new ChargeCard("2"));
        await cloud.WaitUntilIdleAsync();

        Assert.DoesNotContain(first.Log.Lines, line => line.Contains("second.test", StringComparison.Ordinal));
        Assert.Contains(second.Log.Lines, line => line.Contains("Bus started: http://second.test", StringComparison.Ordinal));
    }
}
