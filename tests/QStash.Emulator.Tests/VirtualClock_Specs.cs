namespace QStash.Emulator.Tests;

public class Advancing_a_virtual_clock
{
    readonly VirtualClock _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    readonly List<(string Timer, double Seconds)> _fired = [];
    readonly DateTimeOffset _start;

    public Advancing_a_virtual_clock() => _start = _clock.GetUtcNow();

    [Fact]
    public void Stands_still_until_then()
    {
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), _start);
        Assert.Equal(_start, _clock.GetUtcNow());
        var timestamp = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1.5));
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), _clock.GetElapsedTime(timestamp));
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Fires_timers_in_order_at_their_own_time()
    {
        using var second = Timer("second", 2);
        using var first = Timer("first", 1);
        using var alsoSecond = Timer("also second", 2);
        using var later = Timer("later", 11);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([("first", 1), ("second", 2), ("also second", 2)], _fired);
        Assert.Equal(10, Seconds);
    }

    [Fact]
    public void Fires_periodic_timers_each_time()
    {
        using var periodic = Timer("tick", 1, 2);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([("tick", 1), ("tick", 3), ("tick", 5)], _fired);
    }

    [Fact]
    public void Fires_timers_that_others_set_on_the_way()
    {
        ITimer? inner = null;
        using var outer = _clock.CreateTimer(_ => inner = Timer("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([("inner", 2)], _fired);
        inner!.Dispose();
    }

    [Fact]
    public void Leaves_out_timers_that_were_stopped_or_moved()
    {
        var disposed = Timer("disposed", 1);
        using var stopped = Timer("stopped", 1);
        using var moved = Timer("moved", 1);
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        moved.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([("moved", 3)], _fired);
        Assert.False(disposed.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task Drives_delays_and_cancellations()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromHours(1), _clock);
        var delay = Task.Delay(TimeSpan.FromHours(1), _clock, Cancellation);
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted || source.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(Cancellation);
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task Fires_a_timer_without_delay_at_once()
    {
        var fired = new TaskCompletionSource();
        using var timer = _clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(Cancellation);
    }

    double Seconds => (_clock.GetUtcNow() - _start).TotalSeconds;

    ITimer Timer(string name, double due, double? period = null) => _clock.CreateTimer(
        _ => _fired.Add((name, Seconds)), null, TimeSpan.FromSeconds(due), period is { } p ? TimeSpan.FromSeconds(p) : Timeout.InfiniteTimeSpan);
}

public class Running_a_virtual_clock
{
    [Fact]
    public async Task Starts_as_the_system_clock_and_fires_timers()
    {
        var clock = VirtualClock.RealTime();
        Assert.False(clock.IsFrozen);
        Assert.InRange((DateTimeOffset.UtcNow - clock.GetUtcNow()).TotalSeconds, -60, 60);
        await Task.Delay(TimeSpan.FromMilliseconds(5), clock, Cancellation);
    }

    [Fact]
    public async Task Wakes_up_in_time_when_it_is_made_faster()
    {
        var clock = VirtualClock.RealTime();
        var delay = Task.Delay(TimeSpan.FromHours(10), clock, Cancellation);
        clock.Scale = 1_000_000;
        await delay.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Jumps_over_what_it_would_have_waited_for()
    {
        var clock = VirtualClock.RealTime();
        var before = clock.GetTimestamp();
        var delay = Task.Delay(TimeSpan.FromHours(10), clock, Cancellation);
        clock.Advance(TimeSpan.FromHours(11));
        await delay.WaitAsync(Cancellation);
        Assert.True(clock.GetElapsedTime(before) >= TimeSpan.FromHours(11));
    }

    [Fact]
    public void Stands_still_when_frozen()
    {
        var clock = VirtualClock.RealTime();
        clock.Freeze();
        var shown = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(shown + TimeSpan.FromSeconds(5), clock.GetUtcNow());
    }

    [Fact]
    public void Goes_back_to_its_start_without_turning_elapsed_time_back()
    {
        var clock = new VirtualClock();
        var start = clock.GetUtcNow();
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(3), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromHours(2));
        clock.Scale = 5;
        clock.Resume();
        clock.Reset();
        Assert.Equal((start, true, 1), (clock.GetUtcNow(), clock.IsFrozen, clock.Scale));
        Assert.True(clock.GetTimestamp() >= TimeSpan.FromHours(2).Ticks);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Refuses_what_it_cannot_do()
    {
        var clock = new VirtualClock();
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Scale = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Scale = double.NaN);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VirtualClock(DateTimeOffset.MaxValue));
    }
}
