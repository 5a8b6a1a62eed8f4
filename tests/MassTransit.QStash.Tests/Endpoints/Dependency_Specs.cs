using System.Net;
using MassTransit.QStash.Tests.Support;
using MassTransit.Transports;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Other transports deliver nothing to an endpoint until what it depends on is ready.
/// </summary>
public sealed class An_endpoint_with_a_dependency : IAsyncDisposable
{
    readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly HttpClient _http = new();
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task Turns_deliveries_away_until_it_is_ready()
    {
        await Start();

        await AssertTurnedAway(await Deliver());
        _gate.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await Deliver()).StatusCode);
        Assert.Single(_orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Gets_what_came_before_once_it_is_ready()
    {
        await Start();
        await _orders.Send("queue:orders", new OrderSubmitted("42"));
        await _cloud.WaitUntilIdleAsync();
        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());

        _gate.SetResult();
        await _cloud.AdvanceAsync(TimeSpan.FromSeconds(5));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(["42"], _orders.Observed.Messages<OrderSubmitted>().Select(message => message.OrderId));
    }

    [Fact]
    public async Task Goes_on_turning_them_away_when_the_dependency_fails()
    {
        await Start();

        _gate.SetException(new InvalidOperationException("No database."));

        await AssertTurnedAway(await Deliver());
    }

    // Other transports report it too. Without it the endpoint would look like one that is still starting.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Says_in_log_and_health_that_the_dependency_failed(bool isConnected)
    {
        if (isConnected)
        {
            _cloud = await Cloud.StartAsync();
            _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus());
            _orders.Bus.ConnectReceiveEndpoint("orders", Configure);
        }
        else
            await Start();

        _gate.SetException(new InvalidOperationException("No database."));
        await _orders.Log.WaitForWarningAsync("A dependency of http://orders.test/qstash/orders failed, so it takes no deliveries");
        await AssertTurnedAway(await Deliver());

        var health = _orders.Bus.CheckHealth();
        Assert.NotEqual(BusHealthStatus.Healthy, health.Status);
        Assert.Contains("No database.", health.Endpoints["http://orders.test/qstash/orders"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_stopped_without_an_error_while_it_waits_for_the_dependency()
    {
        await Start();

        await _orders.StopAsync();
        _gate.SetException(new InvalidOperationException("No database."));

        Assert.DoesNotContain(_orders.Log.Warnings, line => line.Contains("A dependency of", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Does_so_too_when_it_is_connected_later()
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus());
        _orders.Bus.ConnectReceiveEndpoint("orders", Configure);

        await AssertTurnedAway(await Deliver());
        _gate.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await Deliver()).StatusCode);
    }

    [Fact]
    public async Task Does_so_too_when_the_dependency_is_another_endpoint()
    {
        _cloud = await Cloud.StartAsync();
        _orders = _cloud.Build("orders", s => s.AddBus(null, (_, cfg) =>
        {
            IReceiveEndpointConfigurator? first = null;
            cfg.ReceiveEndpoint("first", e =>
            {
                first = e;
                e.AddDependency(new Gate(_gate.Task));
            });
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseRawJsonDeserializer();
                e.AddDependency(first!);
                e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
            });
        }));
        await _orders.StartServerAsync();

        await AssertTurnedAway(await Deliver());
        _gate.SetResult();
        await _orders.Bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.OK, (await Deliver()).StatusCode);
    }

    async Task Start()
    {
        _cloud = await Cloud.StartAsync();
        _orders = _cloud.Build("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            Configure(e);
            e.Handler<OrderSubmitted>(context =>
            {
                s.Observed.Add(context);
                return Task.CompletedTask;
            });
        })));
        await _orders.StartServerAsync();
    }

    void Configure(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.UseRawJsonDeserializer();
        endpoint.DiscardSkippedMessages();
        endpoint.AddDependency(new Gate(_gate.Task));
    }

    async Task<HttpResponseMessage> Deliver()
    {
        var delivery = Delivery.Of(_cloud, "http://orders.test/qstash/orders", """{"orderId":"41"}""");

        return await _http.SendAsync(delivery.To(new Uri(_orders.LocalAddress, "qstash/orders"), delivery.Sign()), Cancellation);
    }

    async Task AssertTurnedAway(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(["5"], answer.Headers.GetValues("Retry-After"));
        Assert.Equal("", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Empty(_orders.Observed.Messages<OrderSubmitted>());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }

    sealed class Gate(Task ready) : IReceiveEndpointDependency
    {
        public Task Ready => ready;
    }
}
