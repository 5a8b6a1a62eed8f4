namespace QStash.Emulator.Snapshots;

/// <summary>What a clock showed.</summary>
/// <param name="Now">The time, in UTC.</param>
/// <param name="Frozen">Whether it stood still.</param>
/// <param name="Scale">Seconds that pass on it in one real second while it is not frozen.</param>
public sealed record ClockSnapshot(DateTimeOffset Now, bool Frozen, double Scale)
{
    internal static ClockSnapshot Of(TimeProvider time) => time is VirtualClock clock
        ? new ClockSnapshot(clock.GetUtcNow(), clock.IsFrozen, clock.Scale)
        : new ClockSnapshot(time.GetUtcNow(), Frozen: false, Scale: 1);
}
