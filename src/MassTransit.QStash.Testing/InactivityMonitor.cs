using System.Collections.Concurrent;
using QStash.Emulator;

namespace MassTransit.Testing;

/// <summary>
/// Tells a test harness when nothing happens any more: when the bus was quiet for some time and QStash has nothing left to deliver.
/// </summary>
sealed class InactivityMonitor : IBusObserver, ISendObserver, IPublishObserver, IReceiveObserver
{
    readonly QStashEmulator _emulator;
    readonly ITestHarness _harness;
    readonly Func<TimeSpan> _inactivityTimeout;
    readonly ITimer _quiet;
    readonly ConcurrentDictionary<ReceiveContext, bool> _receiving = [];
    long _activities;
    int _sending;

    /// <param name="harness">The harness to tell.</param>
    /// <param name="emulator">The emulator that the messages travel through.</param>
    /// <param name="inactivityTimeout">How long the bus must be quiet.</param>
    public InactivityMonitor(ITestHarness harness, QStashEmulator emulator, Func<TimeSpan> inactivityTimeout)
    {
        _harness = harness;
        _emulator = emulator;
        _inactivityTimeout = inactivityTimeout;
        // Uses real time, as the harness itself does.
        _quiet = TimeProvider.System.CreateTimer(_ => _ = EndWhenIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void PostCreate(IBus bus)
    {
        bus.ConnectSendObserver(this);
        bus.ConnectPublishObserver(this);
        bus.ConnectReceiveObserver(this);
    }

    // The inactivity time starts with the first activity, because over HTTP a service takes some time to start.
    public Task PostStart(IBus bus, Task<BusReady> busReady) => Task.CompletedTask;

    public Task PreSend<T>(SendContext<T> context) where T : class => Note(() => Interlocked.Increment(ref _sending));
    public Task PostSend<T>(SendContext<T> context) where T : class => Note(() => Interlocked.Decrement(ref _sending));
    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Note(() => Interlocked.Decrement(ref _sending));
    public Task PrePublish<T>(PublishContext<T> context) where T : class => Note(() => Interlocked.Increment(ref _sending));
    public Task PostPublish<T>(PublishContext<T> context) where T : class => Note(() => Interlocked.Decrement(ref _sending));
    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Note(() => Interlocked.Decrement(ref _sending));
    public Task PreReceive(ReceiveContext context) => Note(() => _receiving.TryAdd(context, true));

    // Both for a fault that was handled.
    public Task PostReceive(ReceiveContext context) => Note(() => _receiving.TryRemove(context, out _));
    public Task ReceiveFault(ReceiveContext context, Exception exception) => Note(() => _receiving.TryRemove(context, out _));

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public void CreateFaulted(Exception exception) => _quiet.Dispose();
    public Task PreStart(IBus bus) => Task.CompletedTask;
    public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;
    public Task PreStop(IBus bus) => Task.CompletedTask;
    public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;

    public Task PostStop(IBus bus)
    {
        _quiet.Dispose();

        return Task.CompletedTask;
    }

    Task Note(Action activity)
    {
        activity();
        Interlocked.Increment(ref _activities);
        _quiet.Change(_inactivityTimeout(), Timeout.InfiniteTimeSpan);

        return Task.CompletedTask;
    }

    async Task EndWhenIdle()
    {
        var before = Interlocked.Read(ref _activities);

        try
        {
            await _emulator.WaitUntilIdleAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
            return;
        }

        // Otherwise an activity in the meantime has set the timer again, or a coming one will.
        if (Volatile.Read(ref _sending) == 0 && _receiving.IsEmpty && Interlocked.Read(ref _activities) == before)
            _harness.ForceInactive();
    }
}
