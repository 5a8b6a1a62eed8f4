using QStash.Emulator.Storage;

namespace QStash.Emulator.Snapshots;

/// <summary>A schedule.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Cron">The expression, with its time zone.</param>
/// <param name="Destination">A URL, or the name of a URL group.</param>
/// <param name="Paused">Whether it fires nothing.</param>
/// <param name="Next">When it fires next; null while it is paused.</param>
public sealed record ScheduleSnapshot(string Id, string Cron, string Destination, bool Paused, DateTimeOffset? Next)
{
    internal static ScheduleSnapshot Of(Schedule schedule) => new(schedule.Id, schedule.Cron.Text, schedule.Destination, schedule.Paused,
        schedule.Next is { } next ? DateTimeOffset.FromUnixTimeMilliseconds(next) : null);
}
