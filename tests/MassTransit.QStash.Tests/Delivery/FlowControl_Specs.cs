using System.Collections.Concurrent;
using MassTransit.QStash.Tests.Support;

namespace MassTransit.QStash.Tests;

/// <summary>
/// How fast, and how many at a time, QStash delivers what shares a key.
/// </summary>
public sealed class Flow_control : IAsyncDisposable
{
    readonly ConcurrentQueue<DateTimeOffset> _consumed = new();
    DateTimeOffset _start;
    Cloud _cloud = null!;
    Service _orders = null!;

    [Fact]
    public async Task Limits_the_rate_of_a_message_type()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.FlowControl = new() { Key = "stripe", Rate = 2, Period = TimeSpan.FromMinutes(1) })));

        for (var order = 0; order < 5; order++)
            await Send(new ChargeCard($"{order}"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal([0, 0, 1, 1, 2], Minutes());
    }

    [Fact]
    public async Task Limits_what_is_delivered_at_the_same_time()
    {
        using var started = new SemaphoreSlim(0);
        using var finish = new SemaphoreSlim(0);
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.FlowControl = new() { Key = "stripe", Parallelism = 2 })), async () =>
        {
            started.Release();
            await finish.WaitAsync(Cancellation);
        });

        for (var order = 0; order < 5; order++)
            await Send(new ChargeCard($"{order}"));
        await started.WaitAsync(Cancellation);
        await started.WaitAsync(Cancellation);

        var key = (await _cloud.Client.FlowControl.GetAsync("stripe", Cancellation))!;
        Assert.Equal((2, 3), (key.ParallelismCount, key.WaitListSize));
        Assert.Equal(2, _consumed.Count);
        finish.Release(5);
        await _cloud.WaitUntilIdleAsync();
        Assert.Equal(5, _consumed.Count);
    }

    [Fact]
    public async Task Counts_each_key_for_itself()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseFlowControl(context => $"tenant-{context.Message.OrderId}", rate: 1, period: TimeSpan.FromMinutes(1))));

        foreach (var tenant in (string[])["1", "1", "2", "2"])
            await Send(new ChargeCard(tenant));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal([0, 0, 1, 1], Minutes());
    }

    [Fact]
    public async Task Of_a_send_wins_over_that_of_its_type()
    {
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.FlowControl = new() { Key = "stripe", Rate = 1, Period = TimeSpan.FromMinutes(1) })));

        for (var order = 0; order < 3; order++)
            await Send(new ChargeCard($"{order}"), x => x.UseQStash(d => d.FlowControl = new() { Key = "urgent", Rate = 100 }));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal([0, 0, 0], Minutes());
    }

    [Fact]
    public async Task Is_pinned_by_the_endpoint_so_that_senders_cannot_change_it()
    {
        var pinned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Start(cfg => cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.FlowControl = new() { Key = "stripe", Rate = 100 })),
            endpoint: e => e.PinFlowControl("stripe", rate: 1, period: TimeSpan.FromMinutes(1)),
            onApiCall: path =>
            {
                if (path.EndsWith("/pin", StringComparison.Ordinal))
                    pinned.TrySetResult();
            });

        // The key comes into existence with its first message.
        await Send(new ChargeCard("0"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));
        await pinned.Task.WaitAsync(Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(1));
        _consumed.Clear();
        _start = _cloud.Clock.GetUtcNow();
        for (var order = 1; order < 4; order++)
            await Send(new ChargeCard($"{order}"));
        await _cloud.AdvanceAsync(TimeSpan.FromMinutes(10));

        Assert.Equal([0, 1, 2], Minutes());
    }

    [Fact]
    public async Task Is_pinned_when_the_endpoint_starts_and_only_where_it_differs()
    {
        _cloud = await Cloud.StartAsync();
        foreach (var key in (string[])["same", "other"])
        {
            await _cloud.Client.PublishAsync(new() { Destination = "http://nobody.test/in", FlowControl = new() { Key = key, Rate = 1 }, Delay = TimeSpan.FromHours(1) }, Cancellation);
        }
        await _cloud.Client.FlowControl.PinAsync(new() { Key = "same", Rate = 5, Period = TimeSpan.FromSeconds(30) }, Cancellation);
        await _cloud.Client.FlowControl.PinAsync(new() { Key = "other", Rate = 5, Parallelism = 1 }, Cancellation);
        var calls = new ConcurrentQueue<string>();

        await _cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("charges", e =>
            {
                e.PinFlowControl("same", rate: 5, period: TimeSpan.FromSeconds(30));
                e.PinFlowControl("other", rate: 7);
            }));
            s.InterceptApi(() => new Listener(calls.Enqueue));
        });

        Assert.Equal(["/v2/flowControl/other/pin", "/v2/flowControl/other/unpin"], calls.Where(path => path.Contains("pin", StringComparison.Ordinal)));
        var other = (await _cloud.Client.FlowControl.GetAsync("other", Cancellation))!;
        Assert.Equal((7, true, false), (other.RateMax, other.IsPinnedRate, other.IsPinnedParallelism));
    }

    [Fact]
    public async Task Without_a_limit_stops_the_bus_from_starting()
    {
        _cloud = await Cloud.StartAsync();

        Assert.Contains("neither Parallelism nor Rate", Fails(cfg => cfg.Send<ChargeCard>(x => x.UseDelivery(d => d.FlowControl = new() { Key = "stripe" }))), StringComparison.Ordinal);
        Assert.Contains("FlowControl.Rate is 0", Fails(cfg => cfg.Send<ChargeCard>(x => x.UseFlowControl(_ => "stripe", rate: 0))), StringComparison.Ordinal);
        Assert.Contains("FlowControl.Key 'a b'", Fails(cfg => cfg.ReceiveEndpoint("charges", e => e.PinFlowControl("a b", rate: 1))), StringComparison.Ordinal);

        string Fails(Action<IQStashBusFactoryConfigurator> configure) =>
            Assert.ThrowsAny<Exception>(() => _cloud.Build("orders", s => s.AddBus(null, (_, cfg) => configure(cfg)))).ToString();
    }

    sealed class Listener(Action<string> called) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            called(request.RequestUri!.AbsolutePath);

            return response;
        }
    }

    async Task Start(Action<IQStashBusFactoryConfigurator> configure, Func<Task>? consume = null, Action<IQStashReceiveEndpointConfigurator>? endpoint = null,
        Action<string>? onApiCall = null)
    {
        _cloud = await Cloud.StartAsync();
        _orders = await _cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) =>
            {
                configure(cfg);
                cfg.ReceiveEndpoint("charges", e =>
                {
                    endpoint?.Invoke(e);
                    e.Handler<ChargeCard>(async _ =>
                    {
                        _consumed.Enqueue(_cloud.Clock.GetUtcNow());
                        if (consume is not null)
                            await consume();
                    });
                });
            });
            if (onApiCall is not null)
                s.InterceptApi(() => new Listener(onApiCall));
        });
        _start = _cloud.Clock.GetUtcNow();
    }

    async Task Send(ChargeCard message, Action<SendContext>? configure = null)
    {
        var endpoint = await _orders.Bus.GetSendEndpoint(new Uri("queue:charges"));

        await endpoint.Send(message, x => configure?.Invoke(x), Cancellation);
    }

    int[] Minutes() => _consumed.Select(time => (int)(time - _start).TotalMinutes).Order().ToArray();

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();
}
