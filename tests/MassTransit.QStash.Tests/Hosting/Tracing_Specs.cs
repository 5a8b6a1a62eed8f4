using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public class A_trace
{
    [Fact]
    public async Task Goes_on_from_the_sender_to_the_consumer()
    {
        using var traces = Traces.Collect("MassTransit");
        var consumed = new TaskCompletionSource<Activity?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders",
            e => e.Handler<OrderSubmitted>(_ =>
            {
                consumed.SetResult(Activity.Current);
                return Task.CompletedTask;
            }))));
        using var parent = new Activity("checkout").SetIdFormat(ActivityIdFormat.W3C).Start();

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(parent.TraceId, (await consumed.Task)?.TraceId);
    }

    // https://opentelemetry.io/docs/specs/semconv/messaging: the names are MassTransit's choice of them.
    [Fact]
    public async Task Has_the_attributes_of_messaging()
    {
        using var parent = new Activity("checkout").SetIdFormat(ActivityIdFormat.W3C).Start();
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                // Tests run side by side.
                if (activity.TraceId == parent.TraceId)
                    activities.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => e.Name = "orders")));

        await orders.Send("queue:orders", new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        var send = Assert.Single(activities, x => x.Kind == ActivityKind.Producer);
        Assert.Equal("orders send", send.DisplayName);
        Assert.Equal("qstash", send.GetTagItem("messaging.system"));
        Assert.Equal("orders", send.GetTagItem("messaging.destination.name"));
        var receive = Assert.Single(activities, x => x.DisplayName == "orders receive");
        Assert.Equal(send.SpanId, receive.ParentSpanId);
        Assert.Equal("receive", receive.GetTagItem("messaging.operation"));
        Assert.Equal(orders.Observed.Contexts<OrderSubmitted>()[0].ReceiveContext.GetQStashMessage()!.MessageId, receive.GetTagItem("messaging.message.id"));
        Assert.Equal(receive.SpanId, Assert.Single(activities, x => x.GetTagItem("messaging.masstransit.consumer_type") is not null).ParentSpanId);
    }
}
