using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public class A_message_that_fails
{
    sealed class Failing : IConsumer<OrderSubmitted>
    {
        public Task Consume(ConsumeContext<OrderSubmitted> context) => throw new InvalidOperationException("Out of stock.");
    }

    [Fact]
    public async Task Goes_to_the_dead_letter_queue_once_and_publishes_one_fault()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x =>
        {
            x.AddConsumer<Failing>();
            x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults");
        }));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromDays(2));

        var fault = Assert.Single(orders.Observed.Messages<Fault<OrderSubmitted>>());
        Assert.Equal("42", fault.Message.OrderId);
        Assert.Equal(["Out of stock."], fault.Exceptions.Select(x => x.Message));

        var deadLetter = Assert.Single((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
        Assert.Equal(489, deadLetter.ResponseStatus);
        Assert.Equal("http://orders.test/qstash/Failing", deadLetter.Url);
    }

    [Fact]
    public async Task Is_retried_by_QStash_when_the_endpoint_rethrows()
    {
        var attempts = 0;
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            e.RethrowFaultedMessages();
            e.Handler<OrderSubmitted>(context =>
            {
                Assert.Equal(attempts > 0, context.ReceiveContext.Redelivered);
                return ++attempts < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
            });
        })));

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(3, attempts); // after 12 s and 148 s
        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Arrives_once_the_endpoint_is_back()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        await orders.Bus.StopAsync(Cancellation);
        await cloud.Client.PublishAsync(new() { Destination = "MassTransit.QStash.Tests.Support.OrderSubmitted", ContentType = "application/vnd.masstransit+json", Body = Envelope() }, Cancellation);

        await cloud.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(orders.Observed.Messages<OrderSubmitted>());

        await orders.Bus.StartAsync(Cancellation);
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Equal([new OrderSubmitted("42")], orders.Observed.Messages<OrderSubmitted>());
    }

    static byte[] Envelope() => """
        { "messageType": ["urn:message:MassTransit.QStash.Tests.Support:OrderSubmitted"], "message": { "orderId": "42" } }
        """u8.ToArray();
}
