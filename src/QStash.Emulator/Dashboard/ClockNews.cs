using System.Text.Json;

namespace QStash.Emulator.Dashboard;

/// <summary>What the clock shows, and how it differs from that of the computer.</summary>
/// <param name="Now">Unix milliseconds.</param>
/// <param name="Frozen">Whether it stands still.</param>
/// <param name="Scale">The seconds that pass on the clock in one real second.</param>
/// <param name="Ahead">By how much it is ahead of the computer's clock, in milliseconds; negative when it is behind.</param>
sealed record ClockNews(long Now, bool Frozen, double Scale, long Ahead)
{
    public static ClockNews Of(TimeProvider time)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var clock = time as VirtualClock;
        return new ClockNews(now, clock?.IsFrozen is true, clock?.Scale ?? 1,
            now - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Whether the page would show the same.</summary>
    public bool IsLike(ClockNews? other) =>
        other is not null && Now / 1000 == other.Now / 1000 && Frozen == other.Frozen && Scale.Equals(other.Scale)
            && Ahead / 30_000 == other.Ahead / 30_000;

    public string ToJson() => JsonSerializer.Serialize(this, DashboardJson.Default.ClockNews);
}
