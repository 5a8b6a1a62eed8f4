using QStash.Emulator.Storage;

namespace QStash.Emulator.Delivery;

/// <summary>
/// Starts each message when it is due. It has one timer and a priority queue of due times, and knows when nothing is left to do
/// at the current time.
/// </summary>
/// <param name="time">The clock of the due times.</param>
/// <param name="maxInFlight">
/// How many attempts of an account may be open at the same time. A million messages may be due at the same moment, and there are fewer
/// sockets.
/// </param>
/// <param name="start">Begins an attempt and returns at once; <see cref="Done"/> must follow when the attempt is over.</param>
sealed class DeliveryScheduler(TimeProvider time, int maxInFlight, Action<Message> start) : IDisposable
{
    readonly Lock _gate = new();
    readonly PriorityQueue<Message, (long Due, long Order)> _waiting = new();
    readonly Dictionary<Account, Lane> _lanes = [];
    readonly List<TaskCompletionSource> _idleWaiters = [];
    ITimer? _timer;
    long _armedFor = long.MaxValue;
    long _order;

    // Messages that are due, and open attempts.
    int _busy;
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

            message.Due = due;
            if (due <= Now)
            {
                AddReady(message);
            }
            else
            {
                _waiting.Enqueue(message, (due, _order++));
                Arm();
            }
        }

        StartReady(message.Account);
    }

    /// <summary>Tells that an attempt is over. Messages that follow from it must be scheduled before this call.</summary>
    public void Done(Message message)
    {
        lock (_gate)
        {
            _lanes[message.Account].InFlight--;
            _busy--;
        }

        StartReady(message.Account);
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
            foreach (var lane in _lanes.Values)
            {
                _busy -= lane.Ready.Count;
                lane.Ready.Clear();
                lane.Ready.TrimExcess();
            }

            _waiting.Clear();
            _waiting.TrimExcess();
            // The timer stays set, although nothing may be due when it fires.
            _armedFor = long.MaxValue;
        }

        ReportIdle();
    }

    /// <summary>Forgets the messages that wait, and starts no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _timer?.Dispose();
        }

        Clear();
    }

    bool IsIdle => _busy == 0 && !(_waiting.TryPeek(out _, out var next) && next.Due <= Now);

    void OnTimer()
    {
        HashSet<Account> due = [];
        lock (_gate)
        {
            _armedFor = long.MaxValue;
            while (_waiting.TryPeek(out var message, out var next) && next.Due <= Now)
            {
                _waiting.Dequeue();
                // The message may have got another due time in the meantime.
                if (message.Due != next.Due)
                    continue;

                AddReady(message);
                due.Add(message.Account);
            }

            Arm();
        }

        foreach (var account in due)
            StartReady(account);

        ReportIdle();
    }

    void Arm()
    {
        if (_stopped || !_waiting.TryPeek(out _, out var next) || next.Due >= _armedFor)
            return;

        _armedFor = next.Due;
        // System timers take 49 days at most. A timer that fires too early is set again.
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(next.Due - Now, 1, 40 * 86_400_000L));
        if (_timer is null)
            _timer = time.CreateTimer(static state => ((DeliveryScheduler)state!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    void AddReady(Message message)
    {
        if (!_lanes.TryGetValue(message.Account, out var lane))
            _lanes.Add(message.Account, lane = new Lane());

        lane.Ready.Enqueue(message);
        _busy++;
    }

    void StartReady(Account account)
    {
        while (true)
        {
            Message? message;
            lock (_gate)
            {
                if (_stopped
                    || !_lanes.TryGetValue(account, out var lane)
                    || lane.InFlight >= maxInFlight
                    || !lane.Ready.TryDequeue(out message))
                    return;

                lane.InFlight++;
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

    /// <summary>The messages of one account that are due; accounts do not wait for each other.</summary>
    sealed class Lane
    {
        public Queue<Message> Ready { get; } = new();

        public int InFlight { get; set; }
    }
}
