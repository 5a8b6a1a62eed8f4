namespace QStash.Emulator.Dashboard;

/// <summary>How many requests have changed something so far; the log alone does not tell of paused queues or new URL groups.</summary>
sealed class ChangeCounter
{
    long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);
}
