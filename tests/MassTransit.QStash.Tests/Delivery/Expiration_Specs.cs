using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// QStash knows no time to live, so the receiver looks at it.
/// </summary>
public class A_message_with_a_time_to_live
{
    static readonly Uri Address = new("queue:orders");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Is_consumed_in_time_and_dropped_after_it(bool rawJson)
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders"), (_, cfg) =>
        {
            if (rawJson)
                cfg.UseRawJsonSerializer();
        }));

        await orders.Bus.StopAsync(Cancellation);
        await Send(orders, "short-lived", TimeSpan.FromMinutes(1));
        await Send(orders, "long-lived", TimeSpan.FromHours(1));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(2));
        await orders.Bus.StartAsync(Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(30));

        Assert.Equal([new OrderSubmitted("long-lived")], orders.Observed.Messages<OrderSubmitted>());
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Lives_from_when_it_is_due_as_brokers_count_it()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));
        var endpoint = await orders.Bus.GetSendEndpoint(Address);

        await endpoint.Send(new OrderSubmitted("42"), x =>
        {
            x.Delay = TimeSpan.FromHours(1);
            x.TimeToLive = TimeSpan.FromMinutes(1);
        }, Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Single(orders.Observed.Messages<OrderSubmitted>());
    }

    [Fact]
    public async Task Goes_to_the_dead_letter_queue_where_the_endpoint_asks_for_it()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) =>
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.DeadLetterExpiredMessages = true;
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            })));

        await Send(orders, "42", TimeSpan.Zero);
        await cloud.WaitUntilIdleAsync();

        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());
        var deadLetter = Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        Assert.Equal("""{"reason":"expired"}""", System.Text.Encoding.UTF8.GetString(deadLetter.ResponseBody.Span));
        Assert.Contains(orders.Log.Lines, line => line.StartsWith("EXPIRED http://orders.test/qstash/orders ", StringComparison.Ordinal));
    }

    static async Task Send(Service service, string orderId, TimeSpan timeToLive)
    {
        var endpoint = await service.Bus.GetSendEndpoint(Address);

        await endpoint.Send(new OrderSubmitted(orderId), x => x.TimeToLive = timeToLive, Cancellation);
    }
}
