using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Translates a recurring schedule of MassTransit to a recurrence for QStash.
/// </summary>
static class RecurrenceReader
{
    /// <exception cref="ArgumentException">QStash cannot run such a schedule. The message says what to change.</exception>
    public static Recurrence Read(string? group, string? id, string? cronExpression, string? timeZoneId, DateTimeOffset startTime,
        DateTimeOffset? endTime, TimeProvider time)
    {
        var scheduleId = RecurringScheduleId.Create(group, id);
        var cron = Checked("CronExpression", () => CronTranslator.Translate(cronExpression ?? ""));
        var zone = Checked("TimeZoneId", () => ScheduleTimeZone.Normalize(timeZoneId));

        // MassTransit's default start time is the time at which the schedule object was created, on the system clock.
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
