namespace QStash.Emulator.Time;

/// <summary>
/// The position of a <see cref="VirtualClock"/>, and how it moves. Timers count the elapsed time, which only grows, while a reset may
/// set back what the clock shows. All values are ticks of 100 ns.
/// </summary>
/// <param name="Origin">What the clock showed, in UTC ticks, when nothing had elapsed.</param>
/// <param name="Elapsed">The elapsed time at <paramref name="Since"/>.</param>
/// <param name="Since">A timestamp of the system clock.</param>
/// <param name="Scale">Virtual seconds per real second.</param>
/// <param name="Frozen">Whether it stands still.</param>
sealed record ClockMotion(long Origin, long Elapsed, long Since, double Scale, bool Frozen)
{
    /// <summary>The last time a clock may show. It is some years before the last date of .NET, so that delays still fit.</summary>
    public static readonly DateTimeOffset End = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public long ElapsedNow => Frozen
        ? Elapsed
        : Math.Min(End.UtcTicks - Origin, Elapsed + (long)(TimeProvider.System.GetElapsedTime(Since).Ticks * Scale));

    public DateTimeOffset Shown(long elapsed) => new(Origin + elapsed, TimeSpan.Zero);

    public ClockMotion At(long elapsed) => this with { Elapsed = elapsed, Since = TimeProvider.System.GetTimestamp() };
}
