using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// QStash gives an attempt up after a time, and delivers again while the consumer may still work (S2).
/// </summary>
public sealed class A_consumer_that_takes_long : IAsyncDisposable
{
    readonly TaskCompletionSource _consuming = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task Is_warned_of_at_80_percent_of_the_timeout()
    {
        await Start(x => x.UseDelivery(d => d.Timeout = TimeSpan.FromSeconds(100)));
        await _orders.Publish(new OrderSubmitted("42"));
        await _consuming.Task.WaitAsync(Cancellation);

        _cloud.Clock.Advance(TimeSpan.FromSeconds(79));
        Assert.DoesNotContain(_orders.Log.Warnings, line => line.Contains("80 %", StringComparison.Ordinal));

        _cloud.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("timeout of 00:01:40", Assert.Single(_orders.Log.Warnings, line => line.Contains("80 %", StringComparison.Ordinal)), StringComparison.Ordinal);

        _finish.SetResult();
        await _cloud.WaitUntilIdleAsync();
    }

    [Fact]
    public async Task Is_delivered_again_after_the_timeout()
    {
        await Start(x => x.UseDelivery(d => d.Timeout = TimeSpan.FromSeconds(100)));
        await _orders.Publish(new OrderSubmitted("42"));
        await _consuming.Task.WaitAsync(Cancellation);

        _cloud.Clock.Advance(TimeSpan.FromSeconds(101));
        _finish.SetResult();
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal([0, 1], Attempts());
    }

    [Fact]
    public async Task Is_not_warned_of_once_it_is_done()
    {
        await Start(x => x.UseDelivery(d => d.Timeout = TimeSpan.FromSeconds(100)));
        await _orders.Publish(new OrderSubmitted("42"));
        await _consuming.Task.WaitAsync(Cancellation);
        _finish.SetResult();
        await _cloud.WaitUntilIdleAsync();

        await _cloud.AdvanceAsync(TimeSpan.FromSeconds(200));

        Assert.Empty(_orders.Log.Warnings);
        Assert.Equal([0], Attempts());
    }

    async Task Start(Action<IMessageSendTopologyConfigurator<OrderSubmitted>> configure)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.Send(configure);
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(async x =>
            {
                _orders.Observed.Add(x);
                _consuming.TrySetResult();
                await _finish.Task;
            }));
        }));
    }

    int[] Attempts() => _orders.Observed.Contexts<OrderSubmitted>()
        .Select(x => x.ReceiveContext.TryGetPayload(out QStashMessageContext? delivery) ? delivery.Retried : -1)
        .ToArray();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}
