namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Reads the times MassTransit hands over.
/// </summary>
static class ScheduledTime
{
    /// <inheritdoc cref="Read(DateTimeOffset, TimeProvider)"/>
    public static DateTimeOffset Read(DateTime scheduledTime, TimeProvider time) =>
        Read(new DateTimeOffset(AsUtc(scheduledTime)), time);

    /// <summary>
    /// The time a message is scheduled for, on the clock of the bus. MassTransit adds a <see cref="TimeSpan"/> to the system clock, a
    /// caller may have a time of the clock of the bus. Where the two clocks differ, which is in tests, what is whole seconds away on the
    /// clock of the bus was reckoned from that one, which stands still: a time of the system clock is never so round. Else the reading
    /// that is due sooner counts, but one that is past only if the other is too, or is much farther away.
    /// </summary>
    public static DateTimeOffset Read(DateTimeOffset scheduledTime, TimeProvider time)
    {
        if (time == TimeProvider.System)
            return scheduledTime;

        var now = time.GetUtcNow();
        var own = scheduledTime - now;
        var system = scheduledTime - TimeProvider.System.GetUtcNow();

        if (own.Ticks % TimeSpan.TicksPerSecond == 0)
            return scheduledTime;

        return (own > TimeSpan.Zero, system > TimeSpan.Zero) switch
        {
            (true, true) => own < system ? scheduledTime : now + system,
            // No delay, or a negative one, on a clock that is behind the system clock.
            (true, false) => system.Duration() < own ? now : scheduledTime,
            (false, true) => now + system,
            _ => now,
        };
    }

    // As MassTransit takes times of unspecified kind.
    static DateTime AsUtc(DateTime time) => time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time;
}
