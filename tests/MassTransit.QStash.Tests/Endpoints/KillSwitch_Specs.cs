using System.Net;
using System.Threading.Channels;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>MassTransit's kill switch stops an endpoint that fails too much, and starts it again; on a timer of its own, a real one.</summary>
public sealed class A_kill_switch : IAsyncDisposable
{
    readonly Channel<bool> _arrivals = Channel.CreateUnbounded<bool>();
    readonly Switched _switched = new();
    Cloud _cloud = null!;
    bool _failing = true;
    TimerWatch _timers = null!;

    async Task<Service> StartAsync(TimeSpan restartTimeout)
    {
        _cloud = await Cloud.StartAsync();
        _timers = new TimerWatch(_cloud.Clock);

        return await _cloud.StartServiceAsync("orders", s =>
        {
            s.Services.AddSingleton<TimeProvider>(_timers);
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>(), (context, cfg) => cfg.ReceiveEndpoint("orders", e =>
            {
                e.UseKillSwitch(k => k.SetActivationThreshold(2).SetTripThreshold(1).SetRestartTimeout(restartTimeout));
                e.RethrowFaultedMessages();
                e.ConnectReceiveEndpointObserver(_switched);
                e.UseExecute(_ =>
                {
                    if (Volatile.Read(ref _failing))
                        throw new InvalidOperationException("The database is down.");
                });
                e.ConfigureConsumer<Recorder<OrderSubmitted>>(context);
            }));
            s.Map(app =>
            {
                app.Use((_, next) =>
                {
                    if (_switched.Off.IsCompleted)
                        _arrivals.Writer.TryWrite(true);

                    return next();
                });
                app.MapQStash();
            });
        });
    }

    /// <summary>Fails until the endpoint is stopped; then nothing is wrong any more.</summary>
    async Task Trip(Service orders, int retries = 3)
    {
        for (var i = 0; i < 3; i++)
            await orders.Bus.Publish(new OrderSubmitted($"{i}"), x => x.UseQStash(d => d.Retries = retries), Cancellation);

        await _switched.Off.WaitAsync(Cancellation);
        await _cloud.WaitUntilIdleAsync();
        Volatile.Write(ref _failing, false);
    }

    /// <summary>Sends a message that has no second attempt, and waits until it is at the door of the stopped endpoint.</summary>
    async Task Knock(Service orders)
    {
        await orders.Bus.Publish(new OrderSubmitted("late"), x => x.UseQStash(d => d.Retries = 0), Cancellation);
        await _arrivals.Reader.ReadAsync(Cancellation);
    }

    async Task<QStashDeadLetter[]> DeadLetters() =>
        [.. (await _cloud.Client.DeadLetterQueue.ListAsync(cancellationToken: Cancellation)).Items];

    [Fact]
    public async Task Stops_the_endpoint_and_no_message_is_lost()
    {
        var orders = await StartAsync(TimeSpan.FromSeconds(1));

        await Trip(orders);
        await _switched.OnAgain.WaitAsync(Cancellation);
        await _cloud.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["0", "1", "2"], orders.Observed.Messages<OrderSubmitted>().Select(x => x.OrderId).Order());
        Assert.Empty(await DeadLetters());
    }

    [Fact]
    public async Task Uses_up_no_retry_of_what_comes_until_the_endpoint_is_back()
    {
        var orders = await StartAsync(TimeSpan.FromSeconds(1));

        await Trip(orders);
        await Knock(orders);
        await _switched.OnAgain.WaitAsync(Cancellation);
        await _cloud.WaitUntilIdleAsync();

        Assert.False(Assert.Single(orders.Observed.Contexts<OrderSubmitted>(), x => x.Message.OrderId == "late").ReceiveContext.Redelivered);
        Assert.Empty(await DeadLetters());
    }

    [Fact]
    public async Task That_is_off_for_long_lets_QStash_try_again_so_that_other_services_get_their_turn()
    {
        var orders = await StartAsync(TimeSpan.FromHours(1));

        await Trip(orders, retries: 0);
        await Knock(orders);
        _cloud.Clock.Advance(await _timers.WaitForTimerAsync(longerThan: TimeSpan.FromSeconds(119), limit: TimeSpan.FromSeconds(121)));
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal([500, 500, 500, 503], (await DeadLetters()).Select(x => x.ResponseStatus).Order());
    }

    [Fact]
    public async Task Holds_up_nobody_who_stops_the_service()
    {
        var orders = await StartAsync(TimeSpan.FromHours(1));
        using var http = new HttpClient();

        await Trip(orders);
        var answering = Post();
        await _arrivals.Reader.ReadAsync(Cancellation);
        await orders.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await answering).StatusCode);

        Task<HttpResponseMessage> Post()
        {
            var delivery = Delivery.Of(_cloud, "http://orders.test/qstash/orders", """{"orderId":"42"}""");

            return http.SendAsync(delivery.To(new Uri(orders.LocalAddress, "qstash/orders"), delivery.Sign()), Cancellation);
        }
    }

    [Fact]
    public async Task Holds_up_nothing_once_the_bus_stops_which_does_not_bring_the_endpoint_back()
    {
        var orders = await StartAsync(TimeSpan.FromHours(1));

        await Trip(orders);
        await Knock(orders);
        await orders.Bus.StopAsync(Cancellation);
        await _cloud.WaitUntilIdleAsync();

        Assert.Equal(503, Assert.Single(await DeadLetters()).ResponseStatus);
    }

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    sealed class Switched : IReceiveEndpointObserver
    {
        readonly TaskCompletionSource _off = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _onAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Off => _off.Task;
        public Task OnAgain => _onAgain.Task;

        public Task Ready(ReceiveEndpointReady ready)
        {
            if (Off.IsCompleted)
                _onAgain.TrySetResult();

            return Task.CompletedTask;
        }

        public Task Completed(ReceiveEndpointCompleted completed)
        {
            _off.TrySetResult();

            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;
        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }
}
