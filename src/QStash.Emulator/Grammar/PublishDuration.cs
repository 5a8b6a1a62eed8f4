using System.Buffers;
using System.Globalization;

namespace QStash.Emulator.Grammar;

// docs/qstash-contract.md#durations
/// <summary>
/// Durations of publish headers: one or more <c>&lt;number&gt;&lt;s|m|h|d&gt;</c>, such as <c>1d10h30m</c>. Fractions are
/// accepted, because the official JavaScript SDK sends them.
/// </summary>
static class PublishDuration
{
    static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");
    static readonly double LongestSeconds = TimeSpan.FromDays(36_500).TotalSeconds;

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        double seconds = 0;
        if (text.IsEmpty)
            return false;

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Number);
            if (digits <= 0
                || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || UnitSeconds(text[digits]) is not { } unit)
            {
                return false;
            }

            seconds += number * unit;
            text = text[(digits + 1)..];
        }

        if (seconds > LongestSeconds)
            return false;

        duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        return true;
    }

    static int? UnitSeconds(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => null,
    };
}
