using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>The lines of the log have named values, by which they are searched and filtered.</summary>
public class A_log_entry
{
    static readonly Guid MessageId = NewId.NextGuid();

    static Task<Service> StartAsync(Cloud cloud) => cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders",
        e => e.Handler<OrderSubmitted>(context => context.Message.OrderId == "bad" ? throw new InvalidOperationException("Out of stock.") : Task.CompletedTask))));

    static Task SendAsync(Service service, string orderId) => service.Bus.Publish(new OrderSubmitted(orderId), x => x.MessageId = MessageId, Cancellation);

    static IReadOnlyDictionary<string, object?> Find(Service service, string kind) =>
        Assert.Single(service.Log.Entries, entry => entry["{OriginalFormat}"] is string template && template.StartsWith(kind, StringComparison.Ordinal));

    [Theory]
    [InlineData("SEND ", "DestinationAddress", "topic:MassTransit.QStash.Tests.Support.OrderSubmitted")]
    [InlineData("RECEIVE ", "InputAddress", "http://orders.test/qstash/orders")]
    public async Task Names_address_message_and_type(string kind, string address, string value)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);

        await SendAsync(orders, "42");
        await cloud.WaitUntilIdleAsync();

        var entry = Find(orders, kind);
        Assert.Equal(value, entry[address]!.ToString());
        Assert.Equal(MessageId, entry["MessageId"]);
        Assert.Contains("OrderSubmitted", entry["MessageType"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_fault_names_the_endpoint_and_the_message()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);

        await SendAsync(orders, "bad");
        await cloud.WaitUntilIdleAsync();

        var entry = Find(orders, "R-FAULT ");
        Assert.Equal("http://orders.test/qstash/orders", entry["InputAddress"]!.ToString());
        Assert.Equal(MessageId, entry["MessageId"]);
    }

    [Fact]
    public async Task Of_a_delivery_that_was_refused_names_the_endpoint()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);
        using var http = new HttpClient();

        await http.PostAsync(new Uri(orders.LocalAddress, "qstash/orders"), null, Cancellation);

        var entry = Find(orders, "Refused a delivery");
        Assert.Equal("http://orders.test/qstash/orders", entry["InputAddress"]!.ToString());
        Assert.Equal(QStashSignatureResult.Missing, entry["Verification"]);
    }

    [Fact]
    public async Task Holds_no_secret_and_no_body()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud);
        var user = cloud.Emulator.DefaultUser;

        await SendAsync(orders, "4242424242424242");
        await SendAsync(orders, "bad");
        await cloud.WaitUntilIdleAsync();

        var texts = orders.Log.Lines.Concat(orders.Log.Entries.SelectMany(entry => entry.Values).Select(value => value?.ToString() ?? "")).ToArray();
        Assert.All(texts, text => Assert.DoesNotContain(user.Token, text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(user.CurrentSigningKey, text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(user.NextSigningKey, text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain("4242424242424242", text, StringComparison.Ordinal));
    }
}
