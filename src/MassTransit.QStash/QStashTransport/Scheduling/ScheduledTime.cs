namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// Reads the times MassTransit hands over.
/// </summary>
static class ScheduledTime
{
    /// <summary>
    /// The time a message is scheduled for, on the clock of the bus. MassTransit adds a <see cref="TimeSpan"/> to the system
    /// clock, a caller may have a time of the clock of the bus: where the two clocks differ, which is in tests, the reading that
    /// is due sooner counts, and one that is past only if the other is too.
    /// </summary>
    public static DateTimeOffset Read(DateTime scheduledTime, TimeProvider time)
    {
        // As MassTransit takes times of unspecified kind.
        var written = new DateTimeOffset(scheduledTime.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(scheduledTime, DateTimeKind.Utc) : scheduledTime);

        if (time == TimeProvider.System)
            return written;

        var now = time.GetUtcNow();
        var reckoned = now + (written - TimeProvider.System.GetUtcNow());

        return (written > now, reckoned > now) switch
        {
            (true, true) => written < reckoned ? written : reckoned,
            (false, true) => reckoned,
            _ => written,
        };
    }

    /// <summary>Whether a schedule with this start has begun; its default is the time it was made, on the system clock.</summary>
    public static bool HasBegun(DateTimeOffset startTime, TimeProvider time) =>
        startTime <= time.GetUtcNow() || startTime <= TimeProvider.System.GetUtcNow();
}
