using QStash.Emulator.Grammar;

namespace QStash.Emulator.Storage;

/// <summary>
/// A flow control key: how fast its messages may be delivered, and which ones wait. Times are unix milliseconds.
/// </summary>
/// <remarks>The messages in line are not stored with the key: they are the due messages of the account that have it.</remarks>
sealed class FlowControlKey(string name, long now)
{
    readonly LinkedList<Message> _waiting = new();

    // Messages that were called and have not begun yet. Their places are kept for them.
    int _called;

    public string Name { get; } = name;

    /// <summary>How many attempts may be open; null is no limit.</summary>
    public int? Parallelism { get; set; }

    /// <summary>How many attempts may begin in a period; null is no limit.</summary>
    public int? Rate { get; set; }

    public long Period { get; set; } = FlowControlLimits.DefaultPeriod;

    /// <summary>When the present period began, as of the last look. Periods follow one another without a gap.</summary>
    public long PeriodStart { get; set; } = now;

    /// <summary>Attempts that began in the period of <see cref="PeriodStart"/>.</summary>
    public int RateCount { get; set; }

    /// <summary>Messages do not change the parallelism.</summary>
    public bool ParallelismPinned { get; set; }

    /// <summary>Messages change neither rate nor period.</summary>
    public bool RatePinned { get; set; }

    public bool Paused { get; set; }

    /// <summary>Attempts that are open.</summary>
    public int InFlight { get; private set; }

    public int WaitListSize => _waiting.Count;

    /// <summary>When a timer will check whether a new period lets more messages through.</summary>
    public long? WakeAt { get; set; }

    /// <summary>When the next period begins, if messages wait for it.</summary>
    public long? NextPeriod => _waiting.Count > 0 && !Paused && RateCount + _called >= Rate ? PeriodStart + Period : null;

    /// <summary>Takes the limits of a message, as far as they are not pinned; false when nothing changes.</summary>
    public bool Configure(FlowControlLimits limits)
    {
        var before = (Parallelism, Rate, Period);
        if (!ParallelismPinned)
            Parallelism = limits.Parallelism;

        if (!RatePinned)
            (Rate, Period) = (limits.Rate, limits.Period);

        return before != (Parallelism, Rate, Period);
    }

    /// <summary>Begins a new period.</summary>
    public void ResetRate(long now) => (PeriodStart, RateCount) = (now, 0);

    /// <summary>Moves on to the present period. The clock may have gone back; then one begins now.</summary>
    public void Roll(long now)
    {
        var passed = (now - PeriodStart) / Period;
        if (now < PeriodStart)
            ResetRate(now);
        else if (passed > 0)
            ResetRate(PeriodStart + (passed * Period));
    }

    /// <summary>Whether an attempt may begin now; otherwise the message waits in line.</summary>
    public bool TryEnter(Message message, long now)
    {
        var called = Uncall(message);
        if ((called || _waiting.Count == 0) && Free(now) > 0)
            return true;

        // A pause came after these were called. They have waited longest, so they go to the front.
        message.Place = called ? _waiting.AddFirst(message) : _waiting.AddLast(message);
        return false;
    }

    /// <summary>Counts an attempt that begins.</summary>
    public void Start(long now)
    {
        Roll(now);
        RateCount++;
        InFlight++;
    }

    public void End() => InFlight--;

    /// <summary>Removes a message from the line, or gives up the place that is kept for it.</summary>
    public void Leave(Message message)
    {
        Uncall(message);
        if (message.Place is { } place && place.List == _waiting)
        {
            _waiting.Remove(place);
            message.Place = null;
        }
    }

    /// <summary>The messages that may begin now, those that have waited longest first.</summary>
    public List<Message> Call(long now)
    {
        List<Message> called = [];
        for (var free = Free(now); free > 0 && _waiting.First is { } place; free--)
        {
            _waiting.RemoveFirst();
            place.Value.Place = null;
            place.Value.Called = true;
            _called++;
            called.Add(place.Value);
        }

        return called;
    }

    int Free(long now)
    {
        Roll(now);
        return Paused ? 0 : Math.Min((Parallelism - InFlight) ?? int.MaxValue, (Rate - RateCount) ?? int.MaxValue) - _called;
    }

    bool Uncall(Message message)
    {
        if (!message.Called)
            return false;

        message.Called = false;
        _called--;
        return true;
    }
}
