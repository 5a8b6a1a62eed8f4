using QStash.Emulator.Time;

namespace QStash.Emulator;

/// <summary>
/// A clock whose movement the caller controls: it stands still, runs like the system clock or a multiple faster, and can jump forward at
/// any time. Timers fire in the order of their due times.
/// </summary>
/// <remarks>
/// Give the same instance to the emulator and to the code under test, so that signatures, delays and back-offs of both
/// sides agree. Timer callbacks run on the thread that advances the clock, or on the thread pool when it runs.
/// </remarks>
public sealed class VirtualClock : TimeProvider
{
    const double MaxScale = 1_000_000;

    static readonly DateTimeOffset DefaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Lock _gate = new();
    readonly Lock _advancing = new();
    readonly SortedSet<VirtualTimer> _timers = new(Comparer<VirtualTimer>.Create(
        (a, b) => a.DueTicks != b.DueTicks ? a.DueTicks.CompareTo(b.DueTicks) : a.Order.CompareTo(b.Order)));

    readonly DateTimeOffset? _start;
    volatile ClockMotion _motion;
    ITimer? _wake;
    long _wakeAt = long.MaxValue;
    long _order;

    /// <summary>Creates a clock that stands still until it is advanced or resumed.</summary>
    /// <param name="start">What the clock shows at first; 2026-01-01T00:00:00Z when omitted.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="start"/> is later than the year 8999.</exception>
    public VirtualClock(DateTimeOffset? start = null) : this(start ?? DefaultStart, frozen: true)
    {
    }

    VirtualClock(DateTimeOffset? start, bool frozen)
    {
        if (start is { } time)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(time, ClockMotion.End, nameof(start));

        _start = start;
        _motion = Initial(elapsed: 0, frozen);
    }

    /// <summary>Ticks per second of <see cref="GetTimestamp"/>: 10,000,000.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Always UTC, so that a test does not depend on the machine's zone.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Whether the clock stands still between calls of <see cref="Advance"/>.</summary>
    public bool IsFrozen => _motion.Frozen;

    /// <summary>
    /// Seconds that pass on the clock in one real second while it is not frozen: more than 0, at most 1,000,000, and 1 by
    /// default. Setting it does not resume a frozen clock.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that range.</exception>
    public double Scale
    {
        get => _motion.Scale;
        set
        {
            if (!(value is > 0 and <= MaxScale))
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, $"{nameof(Scale)} must be more than 0 and at most {MaxScale:0}.");

            Move(motion => motion with { Scale = value });
        }
    }

    /// <summary>Creates a clock that starts as the system clock and runs like it, until it is told otherwise.</summary>
    public static VirtualClock RealTime() => new(start: null, frozen: false);

    /// <summary>What the clock shows.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        var motion = _motion;
        return motion.Shown(motion.ElapsedNow);
    }

    /// <summary>Ticks of 100 ns that have passed on the clock since it was created.</summary>
    public override long GetTimestamp() => _motion.ElapsedNow;

    /// <summary>Creates a timer that fires when the clock reaches its due time.</summary>
    /// <param name="callback">Runs on the thread that advances the clock.</param>
    /// <param name="state">Passed to <paramref name="callback"/>.</param>
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
    /// Moves the clock forward, firing every timer that becomes due on the way. While one fires, a frozen clock shows
    /// exactly the time it was due. Returns when the callbacks have returned; work they started may still be running.
    /// </summary>
    /// <param name="by">How far; zero fires nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative, or leads beyond the year 8999.</exception>
    public void Advance(TimeSpan by) => AdvanceTo(After(by));

    /// <summary>Stops the clock where it is.</summary>
    public void Freeze() => Move(static motion => motion with { Frozen = true });

    /// <summary>Lets the clock run at <see cref="Scale"/> from where it is.</summary>
    public void Resume() => Move(static motion => motion with { Frozen = false });

    /// <summary>
    /// Sets the clock back to its initial state: the same time, frozen or running as at first. A clock made by <see cref="RealTime"/> shows
    /// the system time again. The remaining time of timers does not change.
    /// </summary>
    public void Reset() => Move(motion => Initial(motion.Elapsed, frozen: _start is not null));

    /// <summary>When the next timer fires, or <see langword="null"/> when none is set.</summary>
    internal DateTimeOffset? NextTimer
    {
        get
        {
            lock (_gate)
                return _timers.Min is { } timer ? _motion.Shown(timer.DueTicks) : null;
        }
    }

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative, or leads beyond the year 8999.</exception>
    internal DateTimeOffset After(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var now = GetUtcNow();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by, ClockMotion.End - now);
        return now + by;
    }

    /// <summary>Moves the clock forward; a time that has passed changes nothing.</summary>
    internal void AdvanceTo(DateTimeOffset time) => FireUntil(time.UtcTicks - _motion.Origin);

    internal bool Change(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.Disposed)
                return false;

            _timers.Remove(timer);
            timer.PeriodTicks = period > TimeSpan.Zero ? period.Ticks : 0;
            var now = _motion.ElapsedNow;
            if (dueTime > TimeSpan.Zero)
            {
                Insert(timer, now + dueTime.Ticks);
                Arm();
                return true;
            }

            if (dueTime < TimeSpan.Zero)
                return true;

            if (timer.PeriodTicks > 0)
            {
                Insert(timer, now + timer.PeriodTicks);
                Arm();
            }
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

    ClockMotion Initial(long elapsed, bool frozen) =>
        new((_start ?? System.GetUtcNow()).UtcTicks - elapsed, elapsed, System.GetTimestamp(), Scale: 1, frozen);

    void Move(Func<ClockMotion, ClockMotion> change)
    {
        lock (_gate)
        {
            _motion = change(_motion.At(_motion.ElapsedNow));
            // The wake-up was set for the old speed.
            _wakeAt = long.MaxValue;
            Arm();
        }
    }

    void FireUntil(long elapsed)
    {
        lock (_advancing)
        {
            while (TakeDue(elapsed) is { } timer)
                timer.Fire();
        }
    }

    void OnWake()
    {
        lock (_gate)
            _wakeAt = long.MaxValue;

        FireUntil(_motion.ElapsedNow);
    }

    /// <summary>Moves the clock to the next timer that is due until then and returns it; moves it to the end if there is none.</summary>
    VirtualTimer? TakeDue(long until)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } timer || timer.DueTicks > until)
            {
                MoveTo(until);
                Arm();
                return null;
            }

            _timers.Remove(timer);
            MoveTo(timer.DueTicks);
            if (timer.PeriodTicks > 0)
                Insert(timer, timer.DueTicks + timer.PeriodTicks);

            return timer;
        }
    }

    void MoveTo(long elapsed)
    {
        if (elapsed > _motion.ElapsedNow)
        {
            _motion = _motion.At(elapsed);
            _wakeAt = long.MaxValue;
        }
    }

    void Insert(VirtualTimer timer, long dueTicks)
    {
        timer.DueTicks = dueTicks;
        timer.Order = _order++;
        _timers.Add(timer);
    }

    /// <summary>Wakes a running clock up when the next timer is due. If that is too early, it is only set again.</summary>
    void Arm()
    {
        if (_motion.Frozen || _timers.Min is not { } next || next.DueTicks >= _wakeAt)
            return;

        _wakeAt = next.DueTicks;
        // System timers take whole milliseconds, and no more than 49 days.
        var milliseconds = (next.DueTicks - _motion.ElapsedNow) / _motion.Scale / TimeSpan.TicksPerMillisecond;
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(milliseconds), 1, 40 * 86_400_000.0));
        if (_wake is null)
            _wake = System.CreateTimer(static state => ((VirtualClock)state!).OnWake(), this, wait, Timeout.InfiniteTimeSpan);
        else
            _wake.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
