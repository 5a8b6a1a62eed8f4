namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Reads the scheduled times that come from MassTransit.
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
    /// If the clock of the bus is not the system clock, as in tests, a time may come from either clock. MassTransit adds a
    /// <see cref="TimeSpan"/> to the system clock; a caller may have read the clock of the bus. A test clock stands still, so a time that
    /// is whole seconds away from it comes from that clock. For any other time both readings are possible, and the one that is due sooner
    /// counts. A reading in the past counts only if both are in the past, or if the other one is much farther away.
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
            // The delay is zero or negative, and the clock of the bus is behind the system clock.
            (true, false) => system.Duration() < own ? now : scheduledTime,
            (false, true) => now + system,
            _ => now,
        };
    }

    // MassTransit treats times of unspecified kind as UTC too.
    static DateTime AsUtc(DateTime time) => time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time;
}
