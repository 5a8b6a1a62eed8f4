using System.Buffers;
using Cronos;

namespace QStash.Emulator.Grammar;

/// <summary>
/// A cron expression of five fields, with a time zone in front if wanted: <c>CRON_TZ=America/New_York 0 4 * * *</c>
/// (contract 7.5). UTC otherwise.
/// </summary>
sealed class CronSchedule
{
    const string ZonePrefix = "CRON_TZ=";
    const int Fields = 5;
    const int DayOfMonth = 2;
    const int DayOfWeek = 4;

    // The parser knows more than QStash documents: seconds, L, W, #, ?, H and descriptors such as @hourly.
    static readonly SearchValues<char> Documented = SearchValues.Create(
        "0123456789*,-/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT",
    };

    readonly CronExpression[] _alternatives;
    readonly TimeZoneInfo _zone;

    CronSchedule(string text, TimeZoneInfo zone, CronExpression[] alternatives)
    {
        Text = text;
        _zone = zone;
        _alternatives = alternatives;
    }

    /// <summary>As it was given, without blanks around it.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static CronSchedule Parse(string text)
    {
        text = text.Trim();
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
            throw new FormatException("empty spec string");

        var zone = TimeZoneInfo.Utc;
        if (parts[0].StartsWith(ZonePrefix, StringComparison.Ordinal))
        {
            zone = Zone(parts[0][ZonePrefix.Length..]);
            parts = parts[1..];
        }

        if (parts.Length != Fields)
            throw new FormatException("it must have five fields: minute, hour, day of month, month, day of week");

        foreach (var part in parts)
            RequireDocumented(part);

        return new CronSchedule(text, zone, Alternatives(parts));
    }

    /// <summary>The first time after this one, both in unix milliseconds; null when there is none.</summary>
    public long? Next(long after)
    {
        var from = DateTimeOffset.FromUnixTimeMilliseconds(after);
        return _alternatives.Min(expression => expression.GetNextOccurrence(from, _zone)?.ToUnixTimeMilliseconds());
    }

    /// <summary>
    /// When both days are restricted, either may match, as in every crontab; the library wants both to, so each gets an
    /// expression of its own.
    /// </summary>
    static CronExpression[] Alternatives(string[] fields)
    {
        try
        {
            return fields[DayOfMonth] == "*" || fields[DayOfWeek] == "*"
                ? [Expression(fields)]
                : [Expression([.. fields[..DayOfWeek], "*"]), Expression([.. fields[..DayOfMonth], "*", .. fields[(DayOfMonth + 1)..]])];
        }
        catch (CronFormatException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    static CronExpression Expression(string[] fields) => CronExpression.Parse(string.Join(' ', fields));

    static TimeZoneInfo Zone(string id) =>
        // Only IANA names; .NET would take names of Windows zones as well.
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId
            ? zone
            : throw new FormatException($"'{id}' is not an IANA time zone");

    static void RequireDocumented(string field)
    {
        if (field.AsSpan().ContainsAnyExcept(Documented)
            || field.Split(',', '-', '/').Any(static token => token.Any(char.IsAsciiLetter) && !Names.Contains(token)))
        {
            throw new FormatException($"'{field}' is not made of numbers, names such as MON, '*', ',', '-' and '/'");
        }
    }
}
