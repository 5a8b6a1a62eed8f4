using System.Numerics;

namespace QStash.Emulator.Grammar;

// docs/qstash-contract.md#g92
/// <summary>
/// A cron expression as the Go library robfig/cron takes it, which QStash seems to use. It has five fields, or a descriptor such as
/// <c>@hourly</c>. A time zone may stand in front, <c>CRON_TZ=America/New_York 0 4 * * *</c>; otherwise it is UTC.
/// </summary>
sealed class CronSchedule
{
    const int MinuteMs = 60_000;
    const int DayMinutes = 24 * 60;

    // How far ahead a time is looked for.
    const int Years = 5;

    // Go's durations reach a little further.
    static readonly TimeSpan LongestEvery = TimeSpan.FromDays(290 * 365);

    static readonly string[] ZonePrefixes = ["CRON_TZ=", "TZ="];

    static readonly CronField Minutes = new(0, 59);
    static readonly CronField Hours = new(0, 23);
    static readonly CronField DaysOfMonth = new(1, 31);
    static readonly CronField Months = new(1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    static readonly CronField DaysOfWeek = new(0, 6, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    readonly TimeZoneInfo _zone = TimeZoneInfo.Utc;
    readonly long? _every;
    readonly ulong _minutes;
    readonly ulong _hours;
    readonly ulong _daysOfMonth;
    readonly ulong _months;
    readonly ulong _daysOfWeek;

    CronSchedule(string text)
    {
        Text = text;
        var rest = text;
        if (rest.Length == 0)
            throw new FormatException("empty spec string");

        if (Array.Find(ZonePrefixes, prefix => text.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix)
        {
            var end = text.IndexOf(' ', StringComparison.Ordinal);
            end = end < 0 ? text.Length : end;
            _zone = Zone(text[prefix.Length..end]);
            rest = text[end..].Trim();
        }

        if (rest.StartsWith("@every ", StringComparison.Ordinal))
        {
            _every = Every(rest["@every ".Length..], rest);
            return;
        }

        var fields = (Descriptor(rest) ?? rest).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
            throw new FormatException($"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");

        _minutes = Minutes.Parse(fields[0]);
        _hours = Hours.Parse(fields[1]);
        _daysOfMonth = DaysOfMonth.Parse(fields[2]);
        _months = Months.Parse(fields[3]);
        _daysOfWeek = DaysOfWeek.Parse(fields[4]);
    }

    /// <summary>The text as it was given, without blanks around it.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static CronSchedule Parse(string text) => new(text.Trim());

    /// <summary>
    /// The first time after this one, both in unix milliseconds; null when there is none within five years. A moment counts if the
    /// clocks of the zone then show a matching time. So an hour that clocks skip has none, and an hour that they repeat has two.
    /// </summary>
    public long? Next(long after)
    {
        if (_every is { } every)
            return after - (after % 1000) + every;

        var time = DateTimeOffset.FromUnixTimeMilliseconds(after - (after % MinuteMs) + MinuteMs).UtcDateTime;
        var lastYear = Local(time).Year + Years;
        while (Local(time) is var local && local.Year <= lastYear)
        {
            var untilMatch = UntilMatch(local);
            if (untilMatch == 0)
                return new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds();

            time = Move(time, untilMatch);
        }

        return null;
    }

    /// <summary>How many minutes to skip before the next try; 0 when all fields match.</summary>
    int UntilMatch(DateTime local)
    {
        var ofDay = (local.Hour * 60) + local.Minute;
        if (!Has(_months, local.Month))
            return ((DateTime.DaysInMonth(local.Year, local.Month) - local.Day + 1) * DayMinutes) - ofDay;

        if (!IsDay(local))
            return DayMinutes - ofDay;

        var later = _minutes >> local.Minute;
        return Has(_hours, local.Hour) && later != 0 ? BitOperations.TrailingZeroCount(later) : 60 - local.Minute;
    }

    /// <summary>If both days are restricted, either may match.</summary>
    bool IsDay(DateTime local)
    {
        var (ofMonth, ofWeek) = (Has(_daysOfMonth, local.Day), Has(_daysOfWeek, (int)local.DayOfWeek));
        return ((_daysOfMonth | _daysOfWeek) & CronField.Any) != 0 ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    /// <summary>Moves forward by minutes of the zone's clocks. If the clocks change on the way, no time that they show is missed.</summary>
    DateTime Move(DateTime time, int minutes)
    {
        var next = time.AddMinutes(minutes);
        var leap = _zone.GetUtcOffset(next) - _zone.GetUtcOffset(time);
        return leap > TimeSpan.Zero && next - leap > time ? next - leap : next;
    }

    DateTime Local(DateTime time) => time + _zone.GetUtcOffset(time);

    static bool Has(ulong bits, int value) => (bits & (1UL << value)) != 0;

    static TimeZoneInfo Zone(string id)
    {
        if (id is "" or "UTC" or "Local")
            return TimeZoneInfo.Utc;

        // Only IANA names in their exact spelling. .NET would also take names of Windows zones.
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId && zone.Id == id
            ? zone
            : throw new FormatException($"provided bad location {id}: unknown time zone {id}");
    }

    /// <summary>The five fields that a descriptor stands for; null when the text is not a descriptor.</summary>
    static string? Descriptor(string text) => text switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        ['@', ..] => throw new FormatException($"unrecognized descriptor: {text}"),
        _ => null,
    };

    static long Every(string duration, string descriptor)
    {
        if (!GoDuration.TryParseMilliseconds(duration, out var milliseconds) || milliseconds > LongestEvery.TotalMilliseconds)
            throw new FormatException($"failed to parse duration {descriptor}: time: invalid duration \"{duration}\"");

        // Whole seconds, at least one.
        return Math.Max(1, (long)(milliseconds / 1000)) * 1000;
    }
}
