using System.CommandLine;
using System.Globalization;
using QStash.CommandLine;

namespace QStash.Tool;

/// <summary>Options that take a time, or how long ago it was.</summary>
static class Times
{
    const string Takes = "a time such as 2026-01-31T10:00Z (UTC by default), or how long ago, such as 90m, 6h or 7d";

    public static Option<DateTimeOffset?> Create(string name, string description) => CheckedOption.Create<DateTimeOffset?>(
        name, "time", description + ", for example 2026-01-31, 2026-01-31T10:00Z, or 90m, 6h or 7d ago", Takes,
        static text => Ago(text) ?? Parse(text));

    public static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    static DateTimeOffset? Ago(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > 100_000)
            return null;

        return text[^1] switch
        {
            'm' => TimeProvider.System.GetUtcNow().AddMinutes(-number),
            'h' => TimeProvider.System.GetUtcNow().AddHours(-number),
            'd' => TimeProvider.System.GetUtcNow().AddDays(-number),
            _ => null,
        };
    }
}
