namespace QStash.Emulator.Dashboard;

/// <summary>Counts the requests that changed something. The log does not show paused queues or new URL groups.</summary>
sealed class ChangeCounter
{
    long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);
}
