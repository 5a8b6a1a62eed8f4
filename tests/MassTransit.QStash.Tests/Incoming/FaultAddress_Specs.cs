using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A message may name an address for its fault that no fault can be sent to. The failure is still that of the consumer.
/// </summary>
public sealed class A_fault_address_that_is_none : IAsyncDisposable
{
    Cloud _cloud = null!;
    Service _orders = null!;
    int _attempts;

    [Theory]
    [InlineData("faultAddress", "rabbitmq://localhost/orders")]
    [InlineData("responseAddress", "loopback://localhost/orders")]
    [InlineData("responseAddress", "queue:nobody")]
    [InlineData("faultAddress", "topic:")]
    [InlineData("faultAddress", "http://hooks.test/orders#top")]
    public async Task Does_not_hide_what_the_consumer_has_thrown(string member, string address)
    {
        await Start();

        await _cloud.Client.PublishAsync(new QStashMessage
        {
            Destination = "http://orders.test/qstash/orders",
            ContentType = "application/vnd.masstransit+json",
            Body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["messageId"] = NewId.NextGuid(),
                ["requestId"] = NewId.NextGuid(),
                [member] = address,
                ["messageType"] = new[] { MessageUrn.ForTypeString<OrderSubmitted>() },
                ["message"] = new { orderId = "42" },
            }),
        }, Cancellation);

        await AssertFailure();
    }

    [Fact]
    public async Task Does_not_hide_it_of_raw_json()
    {
        await Start(cfg => cfg.UseRawJsonSerializer());

        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:orders"));
        await endpoint.Send(new OrderSubmitted("42"), x => x.FaultAddress = new Uri("rabbitmq://localhost/orders"), Cancellation);

        await AssertFailure();
    }

    async Task Start(Action<IQStashBusFactoryConfigurator>? configure = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(
            x => x.AddConsumer<Recorder<ReceiveFault>>(),
            (_, cfg) =>
            {
                configure?.Invoke(cfg);
                cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ =>
                {
                    _attempts++;
                    throw new InvalidOperationException("Out of stock.");
                }));
            }));
    }

    async Task AssertFailure()
    {
        await _cloud.AdvanceAsync(TimeSpan.FromDays(1));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(1, _attempts);
        var letter = Assert.Single((await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        Assert.Equal("Out of stock.", (string?)JsonNode.Parse(Encoding.UTF8.GetString(letter.ResponseBody.Span))!["message"]);
        Assert.Equal("Out of stock.", Assert.Single(Assert.Single(_orders.Observed.Messages<ReceiveFault>()).Exceptions).Message);
        Assert.Contains(_orders.Log.Warnings, line => line.Contains("cannot be sent, so it goes without the message", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}
