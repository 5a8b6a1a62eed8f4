using QStash.Emulator.Storage;

namespace QStash.Emulator.Api;

/// <summary>A flow control key as the API shows it.</summary>
sealed record FlowControlAnswer
{
    FlowControlAnswer(FlowControlKey key, long now)
    {
        key.Roll(now);
        FlowControlKey = key.Name;
        WaitListSize = key.WaitListSize;
        ParallelismMax = key.Parallelism;
        ParallelismCount = key.InFlight;
        RateMax = key.Rate;
        RateCount = key.RateCount;
        RatePeriod = key.Period / 1000;
        RatePeriodStart = key.PeriodStart / 1000;
        IsPinnedParallelism = key.ParallelismPinned;
        IsPinnedRate = key.RatePinned;
        IsPaused = key.Paused;
    }

    public string FlowControlKey { get; }

    public int WaitListSize { get; }

    public int? ParallelismMax { get; }

    public int ParallelismCount { get; }

    public int? RateMax { get; }

    public int RateCount { get; }

    /// <summary>Seconds.</summary>
    public long RatePeriod { get; }

    /// <summary>Unix seconds, unlike all other times of the API.</summary>
    public long RatePeriodStart { get; }

    public bool IsPinnedParallelism { get; }

    public bool IsPinnedRate { get; }

    public bool IsPaused { get; }

    public static FlowControlAnswer Of(FlowControlKey key, long now) => new(key, now);
}
