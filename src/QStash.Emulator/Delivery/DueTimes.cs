namespace QStash.Emulator.Delivery;

/// <summary>Calls back when something is due. It has one timer and a priority queue of due times, in unix milliseconds.</summary>
/// <param name="time">The clock of the due times.</param>
/// <param name="due">Gets what is due, with its due time. No lock is held.</param>
sealed class DueTimes<T>(TimeProvider time, Action<T, long> due) : IDisposable
{
    // System timers take 49 days at most. A timer that fires too early is set again.
    const long LongestWaitMs = 40 * 86_400_000L;

    readonly Lock _gate = new();
    readonly PriorityQueue<T, long> _waiting = new();
    ITimer? _timer;
    bool _stopped;

    long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public void Add(T item, long dueTime)
    {
        lock (_gate)
        {
            _waiting.Enqueue(item, dueTime);
            Arm();
        }
    }

    public void Remove(T item)
    {
        lock (_gate)
            _waiting.Remove(item, out _, out _);
    }

    public void Clear()
    {
        lock (_gate)
            _waiting.Clear();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _waiting.Clear();
            _timer?.Dispose();
        }
    }

    void OnTimer()
    {
        while (TakeDue() is { } entry)
            due(entry.Item, entry.Due);
    }

    (T Item, long Due)? TakeDue()
    {
        lock (_gate)
        {
            if (_waiting.TryPeek(out var item, out var dueTime) && dueTime <= Now)
            {
                _waiting.Dequeue();
                return (item, dueTime);
            }

            Arm();
            return null;
        }
    }

    void Arm()
    {
        if (_stopped || !_waiting.TryPeek(out _, out var next))
            return;

        var wait = TimeSpan.FromMilliseconds(Math.Clamp(next - Now, 1, LongestWaitMs));
        if (_timer is null)
            _timer = time.CreateTimer(static state => ((DueTimes<T>)state!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
