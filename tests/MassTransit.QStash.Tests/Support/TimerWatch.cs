using System.Threading.Channels;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// A clock that tells which timers are set on it, so that a test can advance the real one when, and only when, the code under
/// test waits for it.
/// </summary>
sealed class TimerWatch(TimeProvider clock) : TimeProvider
{
    readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => clock.TimestampFrequency;
    public override long GetTimestamp() => clock.GetTimestamp();
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);

        return timer;
    }

    /// <summary>
    /// Waits until a timer is set that fires later than <paramref name="longerThan"/> and sooner than <paramref name="limit"/>, and
    /// tells in how long.
    /// </summary>
    public async Task<TimeSpan> WaitForTimerAsync(TimeSpan limit, TimeSpan longerThan = default)
    {
        await foreach (var dueTime in _timers.Reader.ReadAllAsync(Cancellation))
        {
            if (dueTime > longerThan && dueTime < limit)
                return dueTime;
        }

        throw new InvalidOperationException("Unreachable: the channel is never completed.");
    }
}
