using System.Diagnostics.CodeAnalysis;

namespace QStash.Client;

// The messages of one destination, or of one queue. One request of it is under way at a time, so they arrive in order.
[SuppressMessage("Design", "CA1001", Justification = "Every pause ends, and its timer with it.")]
sealed class PublishLane(string key)
{
    ITimer? _pause;
    int _awaited;

    public string Key => key;
    public LinkedList<PendingPublish> Waiting { get; } = new();

    // How many messages are under way.
    public int Sent { get; set; }

    // Whether the next message has to wait, for an answer or for company.
    public bool IsHeld => Sent > 0 || _pause is not null;

    // Whether as many wait as the lane was paused for.
    public bool IsComplete => _pause is not null && Waiting.Count >= _awaited;

    // The next message whose caller still waits, or null.
    public PendingPublish? Next()
    {
        while (Waiting.First?.Value is { } next)
        {
            if (!next.Task.IsCompleted)
                return next;

            Waiting.RemoveFirst();
        }

        return null;
    }

    public void Pause(int awaited, TimeSpan longest, TimeProvider time, TimerCallback over)
    {
        _awaited = awaited;
        _pause = time.CreateTimer(over, this, longest, Timeout.InfiniteTimeSpan);
    }

    // False when the pause has ended already.
    public bool Resume()
    {
        if (_pause is null)
            return false;

        _pause.Dispose();
        _pause = null;
        return true;
    }
}
