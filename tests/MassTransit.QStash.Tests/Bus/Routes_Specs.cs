using System.Collections.Concurrent;
using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

public class Mapping_the_routes
{
    public interface ISecondBus : IBus;

    [Fact]
    public async Task Is_missed_in_the_log_when_there_are_consumers()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.Map(_ => { });
        });

        Assert.Contains("MapQStash", Assert.Single(orders.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_missed_by_a_service_that_only_sends()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus();
            s.Map(_ => { });
        });

        Assert.Empty(orders.Log.Warnings);
    }

    [Fact]
    public async Task Refuses_two_buses_that_share_the_name_of_an_endpoint()
    {
        await using var cloud = await Cloud.StartAsync();

        var exception = Assert.Throws<ConfigurationException>(() => cloud.Build("shop", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"));
            s.Services.AddMassTransit<ISecondBus>(x => x.UsingQStash((_, cfg) =>
            {
                s.UseCloud(cfg);
                cfg.ReceiveEndpoint("Orders", e => e.Handler<ChargeCard>(_ => Task.CompletedTask));
            }));
        }));

        Assert.Contains("orders", exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Lets_through_what_the_application_demands_of_its_own_users()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.Services.AddAuthentication();
            s.Services.AddAuthorizationBuilder().SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            s.Map(app =>
            {
                app.UseAuthorization();
                app.MapQStash();
            });
        });

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Leaves_it_to_QStash_how_long_a_consumer_may_take()
    {
        var limits = new ConcurrentBag<IHttpRequestTimeoutFeature?>();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.Services.AddRequestTimeouts(x => x.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromMinutes(1) });
            s.Map(app =>
            {
                app.UseRequestTimeouts();
                app.Use((http, next) =>
                {
                    limits.Add(http.Features.Get<IHttpRequestTimeoutFeature>());
                    return next(http);
                });
                app.MapQStash();
            });
        });

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Null(Assert.Single(limits));
    }
}

public class Connecting_an_endpoint
{
    [Fact]
    public async Task Whose_name_is_taken_leaves_the_other_one_alone()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));

        Assert.ThrowsAny<Exception>(() => orders.Bus.ConnectReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask)));
        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task And_taking_it_off_again_leaves_nothing_behind()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        var handle = orders.Bus.ConnectReceiveEndpoint("late", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
        await handle.Ready.WaitAsync(Cancellation);

        await handle.StopAsync(Cancellation);

        using var http = new HttpClient();
        using var content = new StringContent("");
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync(new Uri(orders.LocalAddress, "qstash/late"), content, Cancellation)).StatusCode);
    }
}
