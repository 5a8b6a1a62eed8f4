using System.Globalization;

namespace MassTransit.QStashTransport.Schedules;

/// <summary>
/// One field of a cron expression: its values in standard cron, their names, and how Quartz numbers them.
/// </summary>
sealed record CronField(string Name, int First, int Last, string[] Names)
{
    /// <summary>The number that stands for the first value. Quartz counts the days of the week from 1.</summary>
    public int FirstWritten { get; init; } = First;

    int LastWritten => FirstWritten + Last - First;

    // Sunday is 0; most crontabs accept 7 too.
    bool HasSecondSunday => Names is ["SUN", ..] && FirstWritten == 0;

    /// <exception cref="FormatException">The field is wrong, or standard cron cannot express it.</exception>
    public string Translate(string field) => string.Join(',', field.Split(',').Select(TranslatePart));

    string TranslatePart(string part)
    {
        if (part.Split('/') is [var range, var stepText])
            return TranslateStep(part, range, Number(part, stepText));

        if (part == "*")
            return part;

        if (part.Split('-') is [var from, var to])
            return TranslateRange(part, Value(part, from), Value(part, to, isEnd: true), step: 1);

        var value = Value(part, part);

        return IsName(part) ? part.ToUpperInvariant() : Text(value);
    }

    string TranslateStep(string part, string range, int step)
    {
        if (step < 1 || step > Last - First + 1)
            throw Wrong(part, $"a step must be from 1 to {Last - First + 1}");

        // In Quartz the star may be left out.
        if (range is "*" or "")
            return $"*/{step}";

        if (range.Split('-') is [var from, var to])
            return TranslateRange(part, Value(part, from), Value(part, to, isEnd: true), step);

        // In Quartz the name of a day with a step means every so many weeks.
        if (IsName(range) && FirstWritten != First)
            throw Wrong(part, "QStash's cron cannot count weeks. Let the consumer skip the weeks in between");

        // Write the end too, because not every crontab takes the last value as the default.
        return Value(part, range) is var start && start == Last ? Text(start) : $"{start}-{Last}/{step}";
    }

    string TranslateRange(string part, int from, int to, int step)
    {
        var isNames = part.Split('-', '/') is [var first, var last, ..] && IsName(first) && IsName(last);

        if (from <= to && to <= Last)
            return (isNames ? part.Split('/')[0].ToUpperInvariant() : $"{from}-{to}") + (step > 1 ? $"/{step}" : "");

        // Write a range that wraps around, such as FRI-MON or 22-2, value by value: standard cron has only ascending ranges.
        var count = Last - First + 1;
        var end = to > Last ? to : to + count;

        return string.Join(',', Enumerable.Range(0, ((end - from) / step) + 1)
            .Select(i => First + ((from + (i * step) - First) % count))
            .Distinct()
            .Order());
    }

    int Value(string part, string text, bool isEnd = false)
    {
        var name = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (name >= 0)
            return First + name;

        var number = Number(part, text);

        if (HasSecondSunday && number == 7)
            return isEnd ? 7 : 0;

        return number >= FirstWritten && number <= LastWritten
            ? number - FirstWritten + First
            : throw Wrong(part, $"values are {FirstWritten} to {LastWritten}");
    }

    int Number(string part, string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;

        throw Wrong(part, text.TrimStart([.. "0123456789"]).ToUpperInvariant() switch
        {
            "?" => "'?' is for the day of month and the day of week, alone",
            "L" or "LW" => "QStash's cron has no last day (L). Fire on all days that may be the last, and let the consumer look",
            "W" => "QStash's cron has no nearest weekday (W). Fire on all days that may be it, and let the consumer look",
            ['#', ..] => "QStash's cron cannot count the weekdays of a month (#). Fire on each of them, and let the consumer look",
            _ => Names.Length > 0 ? $"use numbers, {Names[0]} to {Names[^1]}, '*', ',', '-' and '/'" : "use numbers, '*', ',', '-' and '/'",
        });
    }

    bool IsName(string text) => Names.Contains(text, StringComparer.OrdinalIgnoreCase);

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    FormatException Wrong(string part, string reason) => new($"'{part}' as {Name}: {reason}");
}
