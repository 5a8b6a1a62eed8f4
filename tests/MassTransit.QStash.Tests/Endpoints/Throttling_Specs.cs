using System.Diagnostics;
using System.Threading.Channels;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using QStash.Emulator;

namespace MassTransit.QStash.Tests;

/// <remarks>Contract 5.4: QStash waits for an answer as long as the plan allows, 15 minutes on the Free plan.</remarks>
public class Deliveries_that_wait_for_a_slot
{
    /// <summary>A consumer of one message at a time, that lets go of it when told.</summary>
    static Task<Service> StartAsync(Cloud cloud, Channel<TaskCompletionSource> consuming, Channel<bool>? arrivals = null) =>
        cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.ConcurrentMessageLimit = 1;
                e.Handler<OrderSubmitted>(async context =>
                {
                    var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    await consuming.Writer.WriteAsync(release);
                    await release.Task.WaitAsync(context.CancellationToken);
                    s.Observed.Add(context);
                });
            }));
            s.Map(app =>
            {
                app.Use(async (http, next) =>
                {
                    // With the body at hand nothing is waited for before the slot is.
                    http.Request.EnableBuffering();
                    await http.Request.Body.CopyToAsync(Stream.Null);
                    http.Request.Body.Position = 0;

                    var delivery = next();
                    arrivals?.Writer.TryWrite(true);
                    await delivery;
                });
                app.MapQStash();
            });
        });

    [Fact]
    public async Task Use_up_no_retry_while_QStash_waits_for_them()
    {
        var consuming = Channel.CreateUnbounded<TaskCompletionSource>();
        await using var cloud = await Cloud.StartAsync(quota: QuotaPlan.Free with { MaxParallelism = 100 });
        var orders = await StartAsync(cloud, consuming);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));

        // The last one waits for four minutes: all are on their way at once, and a signature is good for five.
        for (var i = 0; i < 50; i++)
        {
            var release = await consuming.Reader.ReadAsync(Cancellation);
            cloud.Clock.Advance(TimeSpan.FromSeconds(5));
            release.SetResult();
        }

        await cloud.WaitUntilIdleAsync();
        Assert.Equal(50, orders.Observed.Messages<OrderSubmitted>().Distinct().Count());
        Assert.All(orders.Observed.Contexts<OrderSubmitted>(), context => Assert.False(context.ReceiveContext.Redelivered));
        Assert.Equal(50, orders.Observed.Contexts<OrderSubmitted>().Count);
        Assert.Empty(orders.Log.Warnings);
    }

    [Fact]
    public async Task Longer_than_QStash_waits_are_delivered_again_and_a_warning_tells_the_cure()
    {
        var consuming = Channel.CreateUnbounded<TaskCompletionSource>();
        var arrivals = Channel.CreateUnbounded<bool>();
        await using var cloud = await Cloud.StartAsync();
        var orders = await StartAsync(cloud, consuming, arrivals);

        await orders.Publish(new OrderSubmitted("1"));
        var first = await consuming.Reader.ReadAsync(Cancellation);
        await orders.Bus.Publish(new OrderSubmitted("2"), x => x.UseQStash(d => d.Timeout = TimeSpan.FromMinutes(1)), Cancellation);
        await arrivals.Reader.ReadAsync(Cancellation);
        await arrivals.Reader.ReadAsync(Cancellation);
        cloud.Clock.Advance(TimeSpan.FromMinutes(1));
        await orders.Log.WaitForWarningAsync("flow control");

        first.SetResult();
        await cloud.WaitUntilIdleAsync();
        cloud.Clock.Advance(TimeSpan.FromMinutes(1));
        (await consuming.Reader.ReadAsync(Cancellation)).SetResult();
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(["1", "2"], orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId));
        Assert.True(orders.Observed.Contexts<OrderSubmitted>()[1].ReceiveContext.Redelivered);
    }
}

public class A_rate_limit
{
    [Fact]
    public async Task Slows_consumers_down_and_uses_up_no_retry()
    {
        var times = new List<TimeSpan>();
        var clock = Stopwatch.StartNew();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
        {
            // On MassTransit's own, real, timer.
            e.UseRateLimit(5, TimeSpan.FromMilliseconds(200));
            e.Handler<OrderSubmitted>(context =>
            {
                lock (times)
                    times.Add(clock.Elapsed);

                s.Observed.Add(context);
                return Task.CompletedTask;
            });
        })));

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(12, orders.Observed.Contexts<OrderSubmitted>().Count);
        Assert.All(orders.Observed.Contexts<OrderSubmitted>(), context => Assert.False(context.ReceiveContext.Redelivered));
        // Five at most before the first tick, five before the second: an interval lies between.
        Assert.InRange(times.Max() - times.Min(), TimeSpan.FromMilliseconds(150), TimeSpan.MaxValue);
    }
}

public class A_circuit_breaker
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Spares_the_consumer_while_it_is_open_and_QStash_keeps_the_messages(bool retriesByTransport)
    {
        var failing = true;
        var attempts = 0;
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(null, (_, cfg) =>
        {
            cfg.Host(h => h.Delivery(delivery => delivery.Retries = 999));
            cfg.ReceiveEndpoint("orders", e =>
            {
                e.ConcurrentMessageLimit = 1;
                // Without either a message that meets the open breaker is dead-lettered, as one that fails.
                if (retriesByTransport)
                    e.UseTransportRetry();
                else
                    e.RethrowFaultedMessages();

                e.UseCircuitBreaker(cb =>
                {
                    cb.ActiveThreshold = 2;
                    cb.TripThreshold = 1;
                    cb.ResetInterval = TimeSpan.FromMilliseconds(100);
                });
                e.Handler<OrderSubmitted>(context =>
                {
                    Interlocked.Increment(ref attempts);
                    if (Volatile.Read(ref failing))
                        throw new InvalidOperationException("The database is down.");

                    s.Observed.Add(context);
                    return Task.CompletedTask;
                });
            });
        }));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => orders.Publish(new OrderSubmitted($"{i}"))));
        await cloud.WaitUntilIdleAsync();
        Assert.InRange(Volatile.Read(ref attempts), 2, 19);

        Volatile.Write(ref failing, false);
        while (orders.Observed.Messages<OrderSubmitted>().Count < 20)
            await cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Empty((await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task That_is_open_fails_a_message_as_its_consumer_would_where_nothing_retries()
    {
        var attempts = 0;
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus(
            x =>
            {
                x.AddConsumer<Recorder<Fault<OrderSubmitted>>>().Endpoint(e => e.Name = "faults");
                x.AddConsumer<Recorder<ReceiveFault>>().Endpoint(e => e.Name = "unread");
            },
            (_, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseCircuitBreaker(cb =>
                {
                    cb.ActiveThreshold = 2;
                    cb.TripThreshold = 1;
                    cb.ResetInterval = TimeSpan.FromHours(1);
                });
                e.Handler<OrderSubmitted>(_ =>
                {
                    Interlocked.Increment(ref attempts);
                    throw new InvalidOperationException("The database is down.");
                });
            })));

        // The third failure opens it.
        for (var i = 0; i < 5; i++)
        {
            await orders.Publish(new OrderSubmitted($"{i}"));
            await cloud.WaitUntilIdleAsync();
        }

        Assert.Equal(3, attempts);
        Assert.Equal(["0", "1", "2"], orders.Observed.Messages<Fault<OrderSubmitted>>().Select(x => x.Message.OrderId).Order());
        // It is asked before anybody knows the type of the message.
        Assert.Equal(2, orders.Observed.Messages<ReceiveFault>().Count);
        var letters = (await cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items;
        Assert.Equal(5, letters.Count);
        Assert.All(letters, letter => Assert.Equal(489, letter.ResponseStatus));
    }
}
