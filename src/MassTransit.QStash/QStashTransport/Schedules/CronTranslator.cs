namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// Translates the cron expressions of MassTransit's users to those of QStash. Five fields are standard cron and stay unchanged. Six or
/// seven fields are Quartz, with a seconds field in front and 1 for Sunday.
/// </summary>
static class CronTranslator
{
    static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    static readonly CronField Minute = new("minutes", 0, 59, []);
    static readonly CronField Hour = new("hours", 0, 23, []);
    static readonly CronField DayOfMonth = new("day of month", 1, 31, []);
    static readonly CronField Month = new("month", 1, 12, Months);
    static readonly CronField DayOfWeek = new("day of week", 0, 6, Days);
    static readonly CronField QuartzDayOfWeek = DayOfWeek with { FirstWritten = 1 };

    /// <exception cref="FormatException">QStash cannot run such a schedule. The message says why, and what to do instead.</exception>
    public static string Translate(string expression)
    {
        string[] fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        if (fields is [['@', ..], ..])
            throw new FormatException($"QStash does not know '{fields[0]}'. Write five fields, such as '0 * * * *' for every hour");

        if (fields is [var first, ..] && first.Contains("TZ=", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"'{first}' does not belong in the expression. Give the time zone by itself");

        return fields.Length switch
        {
            5 => Standard(fields),
            6 or 7 => Quartz(fields),
            _ => throw new FormatException("it must have five fields (minutes, hours, day of month, month, day of week), or six or "
                + "seven as Quartz writes them, with seconds in front and a year behind"),
        };
    }

    static string Standard(string[] fields) => string.Join(' ',
        Minute.Translate(fields[0]), Hour.Translate(fields[1]), DayOfMonth.Translate(AnyDay(fields[2])), Month.Translate(fields[3]),
        DayOfWeek.Translate(AnyDay(fields[4])));

    static string Quartz(string[] fields)
    {
        if (fields[0].Trim('0').Length > 0)
            throw new FormatException($"'{fields[0]}' as seconds: QStash fires on full minutes, so they must be 0");

        if (fields is [.., var year] && fields.Length == 7 && year != "*")
            throw new FormatException($"'{year}' as year: QStash's cron has no years. Use '*', with a start and an end time");

        var (dayOfMonth, dayOfWeek) = (AnyDay(fields[3]), AnyDay(fields[5]));

        // Quartz does not support both fields together either. Standard cron would fire on days that match either of them.
        if (dayOfMonth != "*" && dayOfWeek != "*")
            throw new FormatException($"'{fields[3]}' as day of month and '{fields[5]}' as day of week: one of them must be '?'");

        return string.Join(' ', Minute.Translate(fields[1]), Hour.Translate(fields[2]), DayOfMonth.Translate(dayOfMonth),
            Month.Translate(fields[4]), QuartzDayOfWeek.Translate(dayOfWeek));
    }

    static string AnyDay(string field) => field == "?" ? "*" : field;
}
