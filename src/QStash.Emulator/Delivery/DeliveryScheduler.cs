using QStash.Emulator.Messages;

namespace QStash.Emulator.Delivery;

/// <summary>
/// Starts each message when it is due, on one timer over a priority queue of due times, and knows when there is
/// nothing left to do at the current time.
/// </summary>
/// <param name="time">The clock of the due times.</param>
/// <param name="start">Begins an attempt and returns at once; <see cref="Done"/> must follow when it has been dealt with.</param>
sealed class DeliveryScheduler(TimeProvider time, Action<Message> start) : IDisposable
{
    /// <summary>
    /// The parallelism of the pay-as-you-go plan (contract 8). A bound is needed because a million messages may be due at
    /// the same moment, and sockets are not free.
    /// </summary>
    const int MaxInFlight = 100;

    readonly Lock _gate = new();
    readonly PriorityQueue<Message, (long Due, long Order)> _waiting = new();
    readonly Queue<Message> _ready = new();
    readonly List<TaskCompletionSource> _idleWaiters = [];
    ITimer? _timer;
    long _armedFor = long.MaxValue;
    long _order;
    int _inFlight;
    bool _stopped;

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="message">What to start.</param>
    /// <param name="due">Unix milliseconds; now or earlier starts at once.</param>
    public void Schedule(Message message, long due)
    {
        lock (_gate)
        {
            if (_stopped)
                return;

            if (due <= Now)
            {
                _ready.Enqueue(message);
            }
            else
            {
                _waiting.Enqueue(message, (due, _order++));
                Arm();
            }
        }

        StartReady();
    }

    /// <summary>Ends what <c>start</c> began. Everything it led to must have been scheduled before.</summary>
    public void Done()
    {
        lock (_gate)
            _inFlight--;

        StartReady();
        ReportIdle();
    }

    /// <summary>Completes when no attempt is open and nothing is due at the current time.</summary>
    public Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (IsIdle)
                return Task.CompletedTask;

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _idleWaiters.Add(waiter);
            return waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets the messages that wait.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _ready.Clear();
            _waiting.Clear();
            // The timer goes on, for a time that may mean nothing any more.
            _armedFor = long.MaxValue;
        }

        ReportIdle();
    }

    /// <summary>Starts nothing any more; messages in the queue are forgotten.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _timer?.Dispose();
        }

        Clear();
    }

    bool IsIdle => _inFlight == 0 && _ready.Count == 0 && !(_waiting.TryPeek(out _, out var next) && next.Due <= Now);

    void OnTimer()
    {
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            while (_waiting.TryPeek(out var message, out var next) && next.Due <= Now)
            {
                _waiting.Dequeue();
                _ready.Enqueue(message);
            }

            Arm();
        }

        StartReady();
        ReportIdle();
    }

    void Arm()
    {
        if (_stopped || !_waiting.TryPeek(out _, out var next) || next.Due >= _armedFor)
            return;

        _armedFor = next.Due;
        // System timers take no more than 49 days; waking up early only arms them again.
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(next.Due - Now, 1, 40 * 86_400_000L));
        if (_timer is null)
            _timer = time.CreateTimer(static state => ((DeliveryScheduler)state!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    void StartReady()
    {
        while (true)
        {
            Message? message;
            lock (_gate)
            {
                if (_stopped || _inFlight >= MaxInFlight || !_ready.TryDequeue(out message))
                    return;

                _inFlight++;
            }

            start(message);
        }
    }

    void ReportIdle()
    {
        List<TaskCompletionSource> waiters;
        lock (_gate)
        {
            if (_idleWaiters.Count == 0 || !IsIdle)
                return;

            waiters = [.. _idleWaiters];
            _idleWaiters.Clear();
        }

        waiters.ForEach(static waiter => waiter.TrySetResult());
    }
}
