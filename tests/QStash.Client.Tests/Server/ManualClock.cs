using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace QStash.Client.Tests;

/// <summary>A clock that stands still and tells which waits the code under test begins.</summary>
sealed class ManualClock : FakeTimeProvider
{
    readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public ManualClock() : base(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000))
    {
    }

    public static TimeSpan AttemptTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Of a call that starts a bulk action.</summary>
    static TimeSpan LongAttemptTimeout { get; } = TimeSpan.FromSeconds(75);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime != AttemptTimeout && dueTime != LongAttemptTimeout && dueTime != Timeout.InfiniteTimeSpan)
            _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets the next wait that is not an attempt's time limit pass, and tells how long it was.</summary>
    public async Task<TimeSpan> PassNextWaitAsync()
    {
        var wait = await _waits.Reader.ReadAsync(Cancellation);
        Advance(wait);
        return wait;
    }
}
