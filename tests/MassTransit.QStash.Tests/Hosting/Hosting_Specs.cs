using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;
using Microsoft.Extensions.Hosting;

namespace MassTransit.QStash.Tests;

public class Starting_the_host
{
    [Fact]
    public async Task Fails_when_a_setting_is_missing()
    {
        // A worker without routes: nothing but the start would notice.
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMassTransit(x => x.UsingQStash((_, cfg) => cfg.Host("https://orders.example.com")));
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(Cancellation));

        Assert.Contains("QSTASH_TOKEN", exception.Message, StringComparison.Ordinal);
        Assert.Contains("QSTASH_NEXT_SIGNING_KEY", exception.Message, StringComparison.Ordinal);
    }
}

public class A_probe
{
    [Fact]
    public async Task Tells_the_address_and_the_limits_of_an_endpoint()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.PrefetchCount = 8;
            e.ConcurrentMessageLimit = 4;
            e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
        })));

        var probe = JsonSerializer.Serialize(orders.Bus.GetProbeResult(Cancellation), SystemTextJsonMessageSerializer.Options);

        var endpoint = Find(JsonDocument.Parse(probe).RootElement, x =>
            x.ValueKind == JsonValueKind.Object && x.TryGetProperty("address", out var address) && address.ValueEquals("http://orders.test/qstash/orders"));
        Assert.Equal(4, endpoint.GetProperty("concurrentMessageLimit").GetInt32());
        Assert.Equal(8, endpoint.GetProperty("prefetchCount").GetInt32());
        Assert.DoesNotContain(cloud.Emulator.DefaultUser.Token, probe, StringComparison.Ordinal);
        Assert.DoesNotContain("sig_", probe, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tick")]
    [InlineData("fault")]
    [InlineData("transportRetry")]
    public async Task Names_the_filters_of_the_transport(string filter)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.UseTransportRetry();
            e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
        })));

        var probe = JsonSerializer.Serialize(orders.Bus.GetProbeResult(Cancellation), SystemTextJsonMessageSerializer.Options);

        var scope = Find(JsonDocument.Parse(probe).RootElement, x =>
            x.ValueKind == JsonValueKind.Object && x.TryGetProperty("filterType", out var type) && type.ValueEquals(filter));
        Assert.Equal(JsonValueKind.Object, scope.ValueKind);
    }

    static JsonElement Find(JsonElement element, Func<JsonElement, bool> condition)
    {
        if (condition(element))
            return element;

        IEnumerable<JsonElement> children = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Select(x => x.Value),
            JsonValueKind.Array => element.EnumerateArray(),
            _ => [],
        };

        return children.Select(child => Find(child, condition)).FirstOrDefault(x => x.ValueKind != JsonValueKind.Undefined);
    }
}
