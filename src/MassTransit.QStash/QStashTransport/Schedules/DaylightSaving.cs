using System.Globalization;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Finds times of a schedule in the hours that clocks skip in spring and repeat in autumn. QStash seems not to fire in skipped hours, and
/// to fire twice in repeated ones.
/// </summary>
static class DaylightSaving
{
    const int DaysAhead = 400;

    static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>Describes the problem; null if there is none.</summary>
    /// <param name="cron">The five fields, as they are sent to QStash.</param>
    /// <param name="timeZoneId">The IANA name of a zone; null for UTC.</param>
    /// <param name="now">The time from which to look.</param>
    public static string? FindProblem(string cron, string? timeZoneId, DateTimeOffset now)
    {
        if (timeZoneId is null)
            return null;

        var fields = cron.Split(' ');
        var hours = Values(fields[1], 0, 23, []);

        // A schedule for every hour is not affected when the clocks change.
        if (hours.Count == 24)
            return null;

        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZoneId);
        var minutes = Values(fields[0], 0, 59, []);
        var (daysOfMonth, months, daysOfWeek) = (Values(fields[2], 1, 31, []), Values(fields[3], 1, 12, Months),
            Values(fields[4], 0, 6, Days));
        var problems = Changes(zone, now.UtcDateTime)
            .Select(change => (change.Skipped, Time: change.Times.Where(IsMeant).Select(time => (DateTime?)time).FirstOrDefault()))
            .Where(problem => problem.Time is not null)
            .Select(problem => string.Create(CultureInfo.InvariantCulture, $"on {problem.Time:yyyy-MM-dd} {problem.Time:HH:mm} "
            + $"{(problem.Skipped ? "never comes" : "comes twice")}"))
            .ToList();

        return problems.Count == 0 ? null : $"In {timeZoneId}, {string.Join(", and ", problems)}, and so may the message. Choose a "
            + $"time outside of these hours, or UTC";

        bool IsMeant(DateTime time) =>
            minutes.Contains(time.Minute) && hours.Contains(time.Hour) && months.Contains(time.Month)
            && (fields[2] == "*" || fields[4] == "*"
                ? daysOfMonth.Contains(time.Day) && daysOfWeek.Contains((int)time.DayOfWeek)
                : daysOfMonth.Contains(time.Day) || daysOfWeek.Contains((int)time.DayOfWeek));
    }

    /// <summary>The changes of the clocks, with the times that they skip or repeat, minute by minute.</summary>
    static IEnumerable<(bool Skipped, IEnumerable<DateTime> Times)> Changes(TimeZoneInfo zone, DateTime from)
    {
        var hour = from.Date;

        for (var i = 0; i < DaysAhead * 24; i++, hour = hour.AddHours(1))
        {
            if (zone.GetUtcOffset(hour) == zone.GetUtcOffset(hour.AddHours(1)))
                continue;

            var change = hour;
            while (zone.GetUtcOffset(change) == zone.GetUtcOffset(hour))
                change = change.AddMinutes(1);

            var (before, after) = (zone.GetUtcOffset(hour), zone.GetUtcOffset(change));
            var start = change + (after > before ? before : after);

            yield return (after > before,
                Enumerable.Range(0, (int)(after - before).Duration().TotalMinutes).Select(minute => start.AddMinutes(minute)));
        }
    }

    static HashSet<int> Values(string field, int first, int last, string[] names)
    {
        HashSet<int> values = [];

        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') is [var left, var right]
                ? (left, int.Parse(right, CultureInfo.InvariantCulture))
                : (part, 1);
            var ends = range == "*" ? [first, last] : range.Split('-').Select(Value).ToArray();

            for (var value = ends[0]; value <= ends[^1]; value += step)
                values.Add(value);
        }

        return values;

        int Value(string text) =>
            Array.IndexOf(names, text) is >= 0 and var index ? first + index : int.Parse(text, CultureInfo.InvariantCulture);
    }
}
