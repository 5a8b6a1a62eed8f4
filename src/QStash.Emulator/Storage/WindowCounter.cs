namespace QStash.Emulator.Storage;

/// <summary>Counts within a window of time, such as a day. Each window starts at zero.</summary>
sealed class WindowCounter
{
    long _window;
    int _count;

    public void Restore(long window, int count) => (_window, _count) = (window, count);

    /// <param name="window">The number of the present window.</param>
    public int Count(long window) => window == _window ? _count : 0;

    /// <inheritdoc cref="Count"/>
    public void Increment(long window)
    {
        _count = Count(window) + 1;
        _window = window;
    }
}
