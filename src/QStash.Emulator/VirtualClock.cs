using QStash.Emulator.Time;

namespace QStash.Emulator;

/// <summary>
/// A clock that stands still until it is told to move. Timers fire in the order of their due times, and while one
/// fires the clock shows exactly the time it was due.
/// </summary>
/// <remarks>
/// Give the same instance to the emulator and to the code under test, so that signatures, delays and back-offs of both
/// sides agree. Timer callbacks run on the thread that advances the clock.
/// </remarks>
public sealed class VirtualClock : TimeProvider
{
    static readonly DateTimeOffset DefaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Lock _gate = new();
    readonly Lock _advancing = new();
    readonly SortedSet<VirtualTimer> _timers = new(Comparer<VirtualTimer>.Create(
        (a, b) => a.DueTicks != b.DueTicks ? a.DueTicks.CompareTo(b.DueTicks) : a.Order.CompareTo(b.Order)));

    readonly long _startTicks;
    long _nowTicks;
    long _order;

    /// <summary>Creates a clock.</summary>
    /// <param name="start">What the clock shows at first; 2026-01-01T00:00:00Z when omitted.</param>
    public VirtualClock(DateTimeOffset? start = null)
    {
        _startTicks = _nowTicks = (start ?? DefaultStart).UtcTicks;
    }

    /// <summary>Ticks per second of <see cref="GetTimestamp"/>: 10,000,000.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Always UTC, so that a test does not depend on the machine's zone.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>What the clock shows.</summary>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _nowTicks), TimeSpan.Zero);

    /// <summary>Ticks of 100 ns since the clock was created.</summary>
    public override long GetTimestamp() => Volatile.Read(ref _nowTicks) - _startTicks;

    /// <summary>Creates a timer that fires when the clock is advanced to its due time.</summary>
    /// <param name="callback">Runs on the thread that advances the clock.</param>
    /// <param name="state">Handed to <paramref name="callback"/>.</param>
    /// <param name="dueTime">Time until the first call; zero fires at once on the thread pool, as a real timer does.</param>
    /// <param name="period">Time between later calls; infinite or zero for a single call.</param>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        Change(timer, dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock forward, firing every timer that becomes due on the way at its own time. Returns when the
    /// callbacks have returned; work they started may still be running.
    /// </summary>
    /// <param name="by">How far; zero fires nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    /// <summary>When the next timer fires, or <see langword="null"/> when none is set.</summary>
    internal DateTimeOffset? NextTimer
    {
        get
        {
            lock (_gate)
                return _timers.Min is { } timer ? new DateTimeOffset(timer.DueTicks, TimeSpan.Zero) : null;
        }
    }

    internal void AdvanceTo(DateTimeOffset time)
    {
        lock (_advancing)
        {
            while (TakeDue(time.UtcTicks) is { } timer)
                timer.Fire();
        }
    }

    internal bool Change(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.Disposed)
                return false;

            _timers.Remove(timer);
            timer.PeriodTicks = period > TimeSpan.Zero ? period.Ticks : 0;
            if (dueTime > TimeSpan.Zero)
            {
                Insert(timer, _nowTicks + dueTime.Ticks);
                return true;
            }

            if (dueTime < TimeSpan.Zero)
                return true;

            if (timer.PeriodTicks > 0)
                Insert(timer, _nowTicks + timer.PeriodTicks);
        }

        ThreadPool.UnsafeQueueUserWorkItem(static due => due.Fire(), timer, preferLocal: false);
        return true;
    }

    internal void Remove(VirtualTimer timer)
    {
        lock (_gate)
        {
            timer.Disposed = true;
            _timers.Remove(timer);
        }
    }

    /// <summary>The next timer due until then, with the clock moved to it; else the clock moved to the end.</summary>
    VirtualTimer? TakeDue(long untilTicks)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } timer || timer.DueTicks > untilTicks)
            {
                Volatile.Write(ref _nowTicks, Math.Max(_nowTicks, untilTicks));
                return null;
            }

            _timers.Remove(timer);
            Volatile.Write(ref _nowTicks, Math.Max(_nowTicks, timer.DueTicks));
            if (timer.PeriodTicks > 0)
                Insert(timer, timer.DueTicks + timer.PeriodTicks);

            return timer;
        }
    }

    void Insert(VirtualTimer timer, long dueTicks)
    {
        timer.DueTicks = dueTicks;
        timer.Order = _order++;
        _timers.Add(timer);
    }
}
