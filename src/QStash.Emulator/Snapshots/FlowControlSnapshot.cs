using QStash.Emulator.Storage;

namespace QStash.Emulator.Snapshots;

/// <summary>A flow control key.</summary>
/// <param name="Key">The key.</param>
/// <param name="WaitListSize">Messages that are due and wait for the limits.</param>
/// <param name="Parallelism">How many attempts may be open; null is no limit.</param>
/// <param name="ParallelismCount">How many attempts are open.</param>
/// <param name="Rate">How many attempts may begin in a period; null is no limit.</param>
/// <param name="RateCount">How many attempts have begun in the present period.</param>
/// <param name="PeriodMs">The length of a period in milliseconds.</param>
/// <param name="PeriodStart">When the present period began.</param>
/// <param name="ParallelismPinned">Whether messages do not change the parallelism.</param>
/// <param name="RatePinned">Whether messages change neither rate nor period.</param>
/// <param name="Paused">Whether nothing begins.</param>
public sealed record FlowControlSnapshot(
    string Key,
    int WaitListSize,
    int? Parallelism,
    int ParallelismCount,
    int? Rate,
    int RateCount,
    long PeriodMs,
    DateTimeOffset PeriodStart,
    bool ParallelismPinned,
    bool RatePinned,
    bool Paused)
{
    internal static FlowControlSnapshot Of(FlowControlKey key, long now)
    {
        key.Roll(now);
        return new FlowControlSnapshot(
            key.Name,
            key.WaitListSize,
            key.Parallelism,
            key.InFlight,
            key.Rate,
            key.RateCount,
            key.Period,
            DateTimeOffset.FromUnixTimeMilliseconds(key.PeriodStart),
            key.ParallelismPinned,
            key.RatePinned,
            key.Paused);
    }
}
