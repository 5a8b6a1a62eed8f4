using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// An application that takes requests in a way of its own, as a worker of Azure Functions does, and hands deliveries over.
/// </summary>
public sealed class An_application_without_routes_for_QStash
{
    static CancellationToken Cancelled => Cancellation;

    [Fact]
    public async Task Hands_deliveries_over_and_is_not_told_that_it_cannot_receive()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud);

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal("42", Assert.Single(orders.Observed.Messages<OrderSubmitted>()).OrderId);
        Assert.Empty(orders.Log.Warnings);
    }

    [Theory]
    [InlineData("orders", HttpStatusCode.Unauthorized)]
    [InlineData("nobody", HttpStatusCode.NotFound)]
    public async Task Gives_the_answers_that_the_routes_give(string endpoint, HttpStatusCode status)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud);
        using var http = new HttpClient();

        using var answer = await http.PostAsync(new Uri(orders.LocalAddress, $"/api/qstash/{endpoint}"), new StringContent("{}"), Cancelled);

        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Cannot_tell_two_buses_apart_that_share_a_name()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await Start(cloud, s => s.Services.AddMassTransit<ISecondBus>(x => x.UsingQStash((_, cfg) =>
        {
            cfg.Host($"{s.BaseAddress}api", cloud.Connect);
            cfg.Host(h => h.PathPrefix("second"));
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
        })));
        var handler = orders.Services.GetRequiredService<IQStashDeliveryHandler>();

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => handler.Handle(new DefaultHttpContext(), "orders"));

        Assert.Contains("'orders'", refused.Message, StringComparison.Ordinal);
    }

    public interface ISecondBus : IBus;

    static Task<Service> Start(Cloud cloud, Action<ServiceBuilder>? configure = null) => cloud.StartServiceAsync("orders", s =>
    {
        s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) => cfg.Host($"{s.BaseAddress}api", cloud.Connect));
        s.Services.AddQStashDeliveryHandler();
        configure?.Invoke(s);
        s.Map(app => app.Run(http => http.RequestServices.GetRequiredService<IQStashDeliveryHandler>()
            .Handle(http, Path.GetFileName(http.Request.Path.Value) ?? "")));
    });
}
