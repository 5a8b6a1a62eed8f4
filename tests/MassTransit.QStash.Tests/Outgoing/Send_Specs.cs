using MassTransit.QStash.Tests.Support;
using QStash.Client;

namespace MassTransit.QStash.Tests;

public class Sending
{
    [Fact]
    public async Task To_a_queue_name_reaches_the_own_endpoint()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));

        await orders.Send("queue:charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        var context = Assert.Single(orders.Observed.Contexts<ChargeCard>());
        Assert.Equal(new Uri("http://orders.test/qstash/charge-card"), context.DestinationAddress);
        Assert.Equal(context.DestinationAddress, context.ReceiveContext.InputAddress);
    }

    [Fact]
    public async Task To_a_url_reaches_the_endpoint_of_another_service()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));

        await orders.Send("http://billing.test/qstash/charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new ChargeCard("42")], billing.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task To_a_queue_name_with_a_route_reaches_the_service_it_leads_to()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null,
            (_, cfg) => cfg.Host(h => h.Route("charge-card", new Uri("http://billing.test/qstash/charge-card")))));
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));

        await orders.Send("queue:charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(billing.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task To_a_topic_reaches_the_endpoints_that_subscribe_to_the_url_group()
    {
        await using var cloud = await Cloud.StartAsync();
        var billing = await cloud.StartServiceAsync("billing", s => s.AddBus(
            x => x.AddConsumer<Recorder<ChargeCard>>(),
            (context, cfg) => cfg.ReceiveEndpoint("charges", e =>
            {
                e.ConfigureConsumeTopology = false;
                e.Subscribe("payments");
                e.ConfigureConsumer<Recorder<ChargeCard>>(context);
            })));

        await billing.Send("topic:payments", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(billing.Observed.Messages<ChargeCard>());
        Assert.Equal(["payments"], (await cloud.Client.UrlGroups.ListAsync(Cancellation)).Select(x => x.Name));
    }

    [Fact]
    public async Task With_a_delay_is_delivered_when_it_is_over()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));

        await endpoint.Send(new ChargeCard("42"), x => x.Delay = TimeSpan.FromDays(2), Cancellation);

        await cloud.AdvanceAsync(TimeSpan.FromHours(47));
        Assert.Empty(orders.Observed.Messages<ChargeCard>());

        await cloud.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Keeps_ids_headers_and_the_conversation()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));
        var correlationId = NewId.NextGuid();

        await endpoint.Send(new ChargeCard("42"), x =>
        {
            x.CorrelationId = correlationId;
            x.Headers.Set("Customer-Name", "Zoë\r\nX-Evil: 1 \u4e16\u754c");
        }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        var context = Assert.Single(orders.Observed.Contexts<ChargeCard>());
        Assert.Equal(correlationId, context.CorrelationId);
        Assert.NotNull(context.MessageId);
        Assert.NotNull(context.ConversationId);
        Assert.Equal("Zoë\r\nX-Evil: 1 \u4e16\u754c", context.Headers.Get<string>("Customer-Name"));
    }

    [Fact]
    public async Task To_an_exchange_is_understood_as_a_queue()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));

        await orders.Send("exchange:charge-card", new ChargeCard("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task With_a_delay_that_is_over_delivers_at_once()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));

        await endpoint.Send(new ChargeCard("42"), x => x.Delay = TimeSpan.FromSeconds(-5), Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Single(orders.Observed.Messages<ChargeCard>());
    }

    [Fact]
    public async Task Without_a_MessageId_gives_it_one()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card")));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));

        await endpoint.Send(new ChargeCard("1"), x => x.MessageId = null, Cancellation);
        await endpoint.Send(new ChargeCard("2"), x => x.MessageId = null, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(2, orders.Observed.Messages<ChargeCard>().Count);
    }

    [Theory]
    [InlineData("rabbitmq://localhost/orders", "queue:")]
    [InlineData("queue:a/b", "letters, digits")]
    [InlineData("topic:a b", "letters, digits")]
    public async Task To_an_address_that_means_nothing_on_QStash_is_refused(string address, string hint)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        var exception = await Assert.ThrowsAnyAsync<ArgumentException>(() => orders.Send(address, new ChargeCard("42")));

        Assert.Contains(hint, exception.Message, StringComparison.Ordinal);
    }
}

public class Plain_json_from_elsewhere
{
    [Fact]
    public async Task Reaches_a_consumer_whose_endpoint_takes_it()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"),
            (_, cfg) => cfg.UseRawJsonDeserializer()));

        // As publishJSON of QStash's own SDKs does it.
        await cloud.Client.PublishAsync(new QStashMessage
        {
            Destination = "http://orders.test/qstash/orders",
            ContentType = "application/json; charset=utf-8",
            Body = """{ "orderId": "42" }"""u8.ToArray(),
        }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted("42")], orders.Observed.Messages<OrderSubmitted>());
    }
}

public class Sending_raw_json
{
    [Fact]
    public async Task Refuses_headers_that_no_server_would_take()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.UseRawJsonSerializer()));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("http://orders.test/qstash/charge-card"));

        var exception = await Assert.ThrowsAsync<MessageException>(() =>
            endpoint.Send(new ChargeCard("42"), x => x.Headers.Set("Document", new string('x', 40_000)), Cancellation));

        Assert.Contains("headers", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Carries_the_headers_the_serializer_adds_with_their_names_unchanged()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<ChargeCard>>().Endpoint(e => e.Name = "charge-card"),
            (_, cfg) => cfg.UseRawJsonSerializer()));
        var endpoint = await orders.Bus.GetSendEndpoint(new Uri("queue:charge-card"));
        var correlationId = NewId.NextGuid();

        await endpoint.Send(new ChargeCard("42"), x =>
        {
            x.CorrelationId = correlationId;
            x.Headers.Set("customer-Name", "Zoë");
        }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        var context = Assert.Single(orders.Observed.Contexts<ChargeCard>());
        Assert.Equal("application/json", context.ReceiveContext.ContentType.MediaType);
        Assert.Equal(correlationId, context.CorrelationId);
        Assert.Equal("Zoë", context.Headers.Get<string>("customer-Name"));
        // Nothing of QStash's or HTTP's own: raw serializers copy every header they see to outgoing messages.
        Assert.DoesNotContain(context.ReceiveContext.TransportHeaders.GetAll(), x => x.Key.StartsWith("Upstash", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(context.ReceiveContext.TransportHeaders.GetAll(), x => x.Key == MessageHeaders.MessageType);
    }
}

public class A_routing_key
{
    [Fact]
    public async Task Is_refused_for_QStash_has_none()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));

        await Assert.ThrowsAsync<ArgumentException>(() => orders.Bus.Publish(new OrderSubmitted("1"), x => x.SetRoutingKey("eu"), Cancellation));
        await orders.Bus.Publish(new OrderSubmitted("2"), x => Assert.False(x.TrySetRoutingKey("eu")), Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Equal([new OrderSubmitted("2")], orders.Observed.Messages<OrderSubmitted>());
    }
}
