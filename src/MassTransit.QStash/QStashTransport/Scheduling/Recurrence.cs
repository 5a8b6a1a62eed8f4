using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Scheduling;

/// <summary>
/// When a message recurs, in QStash's terms.
/// </summary>
/// <param name="ScheduleId">The id on QStash; see <see cref="RecurringScheduleId"/>.</param>
/// <param name="Cron">The expression, with <c>CRON_TZ=</c> in front unless it is in UTC.</param>
sealed record Recurrence(string ScheduleId, string Cron)
{
    /// <summary>What to warn of when the schedule is written; null if there is nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>No ticks before; null when it has begun.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>No ticks after.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>
    /// For a schedule that is declared with the bus: those QStash has, to write only if it differs. Null writes it in any case.
    /// </summary>
    public IReadOnlyList<QStashSchedule>? Deployed { get; init; }

    /// <summary>
    /// What earlier attempts to deploy it have come to, and this one adds to: its destinations in order, and the label of what is
    /// there. Null is a URL group for which QStash takes no schedule yet, since nobody subscribes to it.
    /// </summary>
    public OrderedDictionary<string, string?> Parts { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The same as the message tells it.</summary>
    public MessageSchedule ToMessageSchedule(string owner) => new(ScheduleId, owner, StartTime, EndTime);

    /// <exception cref="ArgumentException">QStash cannot do that; the text says what to change.</exception>
    public static Recurrence Create(string? group, string? id, string? cronExpression, string? timeZoneId, DateTimeOffset startTime,
        DateTimeOffset? endTime, TimeProvider time)
    {
        var scheduleId = RecurringScheduleId.Create(group, id);
        var cron = Checked("CronExpression", () => CronTranslator.Translate(cronExpression ?? ""));
        var zone = Checked("TimeZoneId", () => ScheduleTimeZone.Normalize(timeZoneId));

        // The default is the time at which the schedule was made, on the system clock.
        DateTimeOffset? futureStart = ScheduledTime.Read(startTime, time) is var start && start > time.GetUtcNow() ? start : null;

        if (endTime is { } end)
            endTime = ScheduledTime.Read(end, time);

        if (endTime <= futureStart)
            throw new ArgumentException($"EndTime {endTime:u} is not after StartTime {startTime:u}.");

        return new Recurrence(scheduleId, zone is null ? cron : $"CRON_TZ={zone} {cron}")
        {
            StartTime = futureStart,
            EndTime = endTime,
            Warning = DaylightSaving.FindProblem(cron, zone, time.GetUtcNow()),
        };
    }

    static T Checked<T>(string setting, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (FormatException exception)
        {
            throw new ArgumentException($"{setting}: {exception.Message}.", exception);
        }
    }
}
