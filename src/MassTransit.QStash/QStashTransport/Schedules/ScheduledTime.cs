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
    /// The time a message is scheduled for, on the clock of the bus.
    /// </summary>
    /// <remarks>
    /// Where that is not the system clock, as in tests, a time may come from either. MassTransit adds a <see cref="TimeSpan"/> to the
    /// system clock; a caller may have asked the clock of the bus. That one stands still, so a time that is whole seconds away from it
    /// was made with it. Of other times the reading counts that is due sooner. A reading that is past counts only if both are, or if the
    /// other one is much farther away.
    /// </remarks>
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
