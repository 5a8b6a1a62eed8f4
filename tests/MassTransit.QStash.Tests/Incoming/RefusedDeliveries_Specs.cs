using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// Anybody can send what is refused, so the log must not grow with it (S1).
/// </summary>
public sealed class Refused_deliveries : IAsyncLifetime
{
    // What the log takes of one reason in a minute.
    const int Most = 10;

    readonly HttpClient _http = new();
    Cloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await Cloud.StartAsync();

    [Theory]
    [InlineData("orders", null, 401, "orders: Missing", "Missing")]
    [InlineData("orders", "forged", 401, "orders: Malformed", "Malformed")]
    [InlineData("stranger", null, 404, "unknown receive endpoint", "unknown endpoint")]
    [InlineData("orders_bus_do6oyyfmq8dwk4fbbdxwafs6gw", null, 404, "which another replica has", "another replica has the endpoint")]
    public async Task Fill_no_log_and_are_counted(string endpoint, string? signature, int status, string text, string reason)
    {
        var orders = await Start();

        for (var i = 0; i < 25; i++)
            Assert.Equal(status, await Post(orders, endpoint, signature));

        Assert.Equal(Most, orders.Log.Warnings.Count(line => line.Contains(text, StringComparison.Ordinal)));

        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.EndsWith($": {reason}", Assert.Single(orders.Log.Warnings, line => line.Contains("15 more", StringComparison.Ordinal)).TrimEnd(), StringComparison.Ordinal);

        await Post(orders, endpoint, signature);
        Assert.Equal(Most + 1, orders.Log.Warnings.Count(line => line.StartsWith("Refused a delivery", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_one_reason_do_not_hide_those_of_another()
    {
        var orders = await Start();

        for (var i = 0; i < 25; i++)
            await Post(orders, "orders", signature: null);
        await Post(orders, "stranger", signature: null);

        Assert.Single(orders.Log.Warnings, line => line.Contains("unknown receive endpoint", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(Most)]
    public async Task That_are_few_are_logged_one_by_one_and_not_counted(int count)
    {
        var orders = await Start();

        for (var i = 0; i < count; i++)
            await Post(orders, "orders", signature: null);
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(count, orders.Log.Warnings.Count);
    }

    [Theory]
    [InlineData("stranger", "\"unknownEndpoint\"", "no receive endpoint of that name", "unknown receive endpoint: stranger")]
    [InlineData("orders_bus_do6oyyfmq8dwk4fbbdxwafs6gw", "\"otherReplica\"", "needs an address of its own", "QStash:InstanceBaseAddress")]
    public async Task At_an_endpoint_that_is_not_here_say_why(string endpoint, string reason, string answer, string line)
    {
        var orders = await Start();

        var body = await PostAndRead(orders, endpoint, "{}", signature: null);

        Assert.Contains(reason, body, StringComparison.Ordinal);
        Assert.Contains(answer, body, StringComparison.Ordinal);
        Assert.Contains(line, Assert.Single(orders.Log.Warnings), StringComparison.Ordinal);
    }

    // A requester waits for the response.
    [Theory]
    [InlineData("stranger", null)]
    [InlineData("orders_bus_do6oyyfmq8dwk4fbbdxwafs6gw", "1")]
    public async Task At_an_endpoint_that_another_replica_has_come_again_soon(string endpoint, string? seconds)
    {
        var orders = await Start();
        using var request = Delivery.Of(_cloud, $"http://orders.test/qstash/{endpoint}", "{}")
            .To(new Uri(orders.LocalAddress, $"/qstash/{endpoint}"), signature: null);

        using var answer = await _http.SendAsync(request, Cancellation);

        Assert.Equal(seconds, answer.Headers.RetryAfter?.ToString());
    }

    [Fact]
    public async Task With_a_path_that_cannot_be_a_name_leave_no_line()
    {
        var orders = await Start();

        Assert.Equal(404, await Post(orders, "a,b", signature: null));

        Assert.Empty(orders.Log.Warnings);
    }

    [Fact]
    public async Task With_a_body_that_is_too_large_name_the_setting()
    {
        var orders = await Start(h => h.MaxBodySize(100));
        var body = $$"""{"orderId":"{{new string('4', 100)}}"}""";

        await PostAndRead(orders, "orders", body, Delivery.Of(_cloud, "http://orders.test/qstash/orders", body).Sign());

        Assert.Contains("larger than 100 bytes (QStash:MaxBodySize)", Assert.Single(orders.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_came_before_fill_no_log_either()
    {
        var orders = await Start(h => h.UseReplayGuard());
        var delivery = Delivery.Of(_cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");
        var token = delivery.Sign();

        for (var i = 0; i < 26; i++)
        {
            using var copy = delivery.To(new Uri(orders.LocalAddress, "/qstash/orders"), token);
            Assert.Equal(i == 0 ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await _http.SendAsync(copy, Cancellation)).StatusCode);
        }

        Assert.Equal(Most, orders.Log.Warnings.Count(line => line.Contains("came before", StringComparison.Ordinal)));
    }

    Task<Service> Start(Action<IQStashHostConfigurator>? host = null) => _cloud.StartServiceAsync("orders", s =>
    {
        s.Services.AddDistributedMemoryCache();
        s.AddBus(null, (_, cfg) =>
        {
            cfg.Host(h => host?.Invoke(h));
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseRawJsonDeserializer();
                e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
            });
        });
    });

    async Task<int> Post(Service service, string endpoint, string? signature)
    {
        var delivery = Delivery.Of(_cloud, $"http://orders.test/qstash/{endpoint}", "{}");
        using var request = delivery.To(new Uri(service.LocalAddress, $"/qstash/{endpoint}"), signature);

        return (int)(await _http.SendAsync(request, Cancellation)).StatusCode;
    }

    async Task<string> PostAndRead(Service service, string endpoint, string body, string? signature)
    {
        using var request = Delivery.Of(_cloud, $"http://orders.test/qstash/{endpoint}", body)
            .To(new Uri(service.LocalAddress, $"/qstash/{endpoint}"), signature);
        using var answer = await _http.SendAsync(request, Cancellation);

        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _cloud.DisposeAsync();
    }
}
