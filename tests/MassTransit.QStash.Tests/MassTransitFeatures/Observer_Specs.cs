using System.Collections.Concurrent;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// MassTransit's observers see what happens on the real transport, once each.
/// </summary>
public class Observers
{
    [Fact]
    public async Task See_a_message_from_the_publish_to_its_consumer()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>()));
        var seen = new Seen(orders.Bus);

        await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["PrePublish", "PostPublish"], seen.Of("Publish"));
        Assert.Empty(seen.Of("Send"));
        Assert.Equal(["PreReceive", "PostReceive"], seen.Of("Receive").Where(x => x.EndsWith("Receive", StringComparison.Ordinal)));
        Assert.Equal(["PreConsume", "PostConsume", "PostConsume by the endpoint"], seen.Of("Consume").Order(Seen.AsItHappens));
    }

    [Fact]
    public async Task See_a_failure_on_either_side()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.Host(h => h.MaxBodySize(5000));
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.PublishFaults = false;
                e.Handler<OrderSubmitted>(_ => throw new InvalidOperationException("Out of stock."));
            });
        }));
        var seen = new Seen(orders.Bus);

        await Assert.ThrowsAsync<MessageException>(() => orders.Send("queue:orders", new OrderSubmitted(new string('x', 6000))));
        await Assert.ThrowsAsync<MessageException>(() => orders.Publish(new OrderSubmitted(new string('x', 6000))));
        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["PreSend", "SendFault", "PreSend", "PostSend"], seen.Of("Send"));
        Assert.Equal(["PrePublish", "PublishFault"], seen.Of("Publish"));
        Assert.Equal(["PreConsume", "ConsumeFault", "ConsumeFault by the endpoint"], seen.Of("Consume").Order(Seen.AsItHappens));
    }

    [Fact]
    public async Task See_a_body_that_cannot_be_read()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));
        var seen = new Seen(orders.Bus);

        await cloud.Client.PublishAsync(new() { Destination = "http://orders.test/qstash/orders", ContentType = "application/vnd.masstransit+json", Body = "{ not json"u8.ToArray() }, Cancellation);
        await cloud.WaitUntilIdleAsync();

        Assert.Contains("ReceiveFault", seen.Of("Receive"));
        Assert.Empty(seen.Of("Consume"));
    }

    sealed class Seen : IReceiveObserver, IConsumeObserver, ISendObserver, IPublishObserver
    {
        readonly ConcurrentQueue<string> _events = new();

        public Seen(IBus bus)
        {
            bus.ConnectReceiveObserver(this);
            bus.ConnectConsumeObserver(this);
            bus.ConnectSendObserver(this);
            bus.ConnectPublishObserver(this);
        }

        /// <summary>The two that come at the end do so in no certain order.</summary>
        public static Comparer<string> AsItHappens { get; } = Comparer<string>.Create((x, y) => (!x.StartsWith("Pre", StringComparison.Ordinal), x.Length).CompareTo((!y.StartsWith("Pre", StringComparison.Ordinal), y.Length)));

        public string[] Of(string kind) => _events.Where(x => x.Contains(kind, StringComparison.Ordinal)).ToArray();

        Task Add(string name)
        {
            _events.Enqueue(name);
            return Task.CompletedTask;
        }

        public Task PreReceive(ReceiveContext context) => Add("PreReceive");
        public Task PostReceive(ReceiveContext context) => Add("PostReceive");
        public Task ReceiveFault(ReceiveContext context, Exception exception) => Add("ReceiveFault");
        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Add("PostConsume by the endpoint");
        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Add("ConsumeFault by the endpoint");
        public Task PreConsume<T>(ConsumeContext<T> context) where T : class => Add("PreConsume");
        public Task PostConsume<T>(ConsumeContext<T> context) where T : class => Add("PostConsume");
        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Add("ConsumeFault");
        public Task PreSend<T>(SendContext<T> context) where T : class => Add("PreSend");
        public Task PostSend<T>(SendContext<T> context) where T : class => Add("PostSend");
        public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => Add("SendFault");
        public Task PrePublish<T>(PublishContext<T> context) where T : class => Add("PrePublish");
        public Task PostPublish<T>(PublishContext<T> context) where T : class => Add("PostPublish");
        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Add("PublishFault");
    }
}
