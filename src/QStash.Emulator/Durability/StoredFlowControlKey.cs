using QStash.Emulator.Storage;

namespace QStash.Emulator.Durability;

/// <summary>A flow control key without its messages.</summary>
sealed record StoredFlowControlKey(
    string Name,
    int? Parallelism,
    int? Rate,
    long Period,
    long PeriodStart,
    int RateCount,
    bool ParallelismPinned,
    bool RatePinned,
    bool Paused)
{
    public static StoredFlowControlKey Of(FlowControlKey key) => new(
        key.Name,
        key.Parallelism,
        key.Rate,
        key.Period,
        key.PeriodStart,
        key.RateCount,
        key.ParallelismPinned,
        key.RatePinned,
        key.Paused);

    public FlowControlKey Restore() => new(Name, PeriodStart)
    {
        Parallelism = Parallelism,
        Rate = Rate,
        Period = Period,
        RateCount = RateCount,
        ParallelismPinned = ParallelismPinned,
        RatePinned = RatePinned,
        Paused = Paused,
    };
}
