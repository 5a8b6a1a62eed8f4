using MassTransit.Testing;

namespace MassTransit.QStashTransport.Testing;

/// <summary>
/// Tells a test harness when nothing happens any more, with messages on their way through QStash in mind.
/// </summary>
sealed class InactivityMonitor : IBusObserver, ISendObserver, IPublishObserver, IReceiveObserver
{
    readonly HashSet<string> _arrivedFirst = [];
    readonly ITestHarness _harness;
    readonly Func<TimeSpan> _inactivityTimeout;
    readonly Lock _lock = new();
    readonly HashSet<string> _onTheWay = [];
    readonly ITimer _quiet;
    readonly HashSet<ReceiveContext> _receiving = [];
    readonly Lazy<Uri> _serviceAddress;
    Uri? _processAddress;
    int _sending;

    /// <param name="harness">What to tell.</param>
    /// <param name="serviceAddress">Where the endpoints of the bus are, known once it was built.</param>
    /// <param name="inactivityTimeout">How long nothing must happen.</param>
    public InactivityMonitor(ITestHarness harness, Func<Uri> serviceAddress, Func<TimeSpan> inactivityTimeout)
    {
        _harness = harness;
        _serviceAddress = new Lazy<Uri>(serviceAddress);
        _inactivityTimeout = inactivityTimeout;
        // Of real time, as the harness itself.
        _quiet = TimeProvider.System.CreateTimer(_ => EndWhenIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    bool IsIdle => _sending == 0 && _receiving.Count == 0 && _onTheWay.Count == 0;

    public void PostCreate(IBus bus)
    {
        _processAddress = new Uri(bus.Address, ".");

        bus.ConnectSendObserver(this);
        bus.ConnectPublishObserver(this);
        bus.ConnectReceiveObserver(this);
    }

    // The clock starts with the first activity: over HTTP a service takes its time to start.
    public Task PostStart(IBus bus, Task<BusReady> busReady) => Task.CompletedTask;

    public Task PreSend<T>(SendContext<T> context) where T : class => Note(() => _sending++);
    public Task PrePublish<T>(PublishContext<T> context) where T : class => Note(() => _sending++);

    public Task PostSend<T>(SendContext<T> context) where T : class => Sent(context);
    public Task PostPublish<T>(PublishContext<T> context) where T : class => Sent(context);

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => Note(() => _sending--);
    public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Note(() => _sending--);

    public Task PreReceive(ReceiveContext context) => Note(() =>
    {
        _receiving.Add(context);

        // It may be here before the answer to the send.
        if (context.GetQStashMessage() is { } message && !_onTheWay.Remove(message.MessageId))
            _arrivedFirst.Add(message.MessageId);
    });

    public Task PostReceive(ReceiveContext context) => Note(() => _receiving.Remove(context));
    public Task ReceiveFault(ReceiveContext context, Exception exception) => Note(() => _receiving.Remove(context));

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;
    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class =>
        Task.CompletedTask;
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

    Task Sent(SendContext context) => Note(() =>
    {
        _sending--;

        if (!context.TryGetPayload(out QStashSendContext? sent) || sent.Delay > TimeSpan.Zero)
            return;

        foreach (var receipt in sent.Receipts)
        {
            if (!Uri.TryCreate(receipt.Url, UriKind.Absolute, out var address))
                continue;

            if ((_serviceAddress.Value.IsBaseOf(address) || _processAddress!.IsBaseOf(address))
                && !receipt.Deduplicated && !_arrivedFirst.Remove(receipt.MessageId))
                _onTheWay.Add(receipt.MessageId);
        }
    });

    Task Note(Action activity)
    {
        lock (_lock)
            activity();

        _quiet.Change(_inactivityTimeout(), Timeout.InfiniteTimeSpan);

        return Task.CompletedTask;
    }

    void EndWhenIdle()
    {
        bool isIdle;
        lock (_lock)
            isIdle = IsIdle;

        // Otherwise what is still to come sets the timer again.
        if (isIdle)
            _harness.ForceInactive();
    }
}
