namespace QStash.Emulator.Time;

/// <summary>One timer of a <see cref="VirtualClock"/>.</summary>
sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
{
    internal long DueTicks { get; set; } = long.MaxValue;
    internal long PeriodTicks { get; set; }
    internal long Order { get; set; }
    internal bool Disposed { get; set; }

    internal void Fire() => callback(state);

    public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Change(this, dueTime, period);

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
