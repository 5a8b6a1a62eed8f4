using System.Diagnostics;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

public class A_trace
{
    [Fact]
    public async Task Goes_on_from_the_sender_to_the_consumer()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
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
}
