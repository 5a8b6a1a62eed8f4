using System.Buffers;
using System.Globalization;

namespace QStash.Emulator.Grammar;

/// <summary>
/// Durations of a destination's <c>Retry-After</c>, written as Go does: <c>6m5s</c>, <c>1.5h</c>, <c>300ms</c>. There are no
/// days in it.
/// </summary>
static class GoDuration
{
    static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");

    public static bool TryParseMilliseconds(ReadOnlySpan<char> text, out double milliseconds)
    {
        milliseconds = 0;
        if (text.IsEmpty)
            return false;

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Number);
            if (digits <= 0
                || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            text = text[digits..];
            var length = text.IndexOfAny(Number);
            var unit = length < 0 ? text : text[..length];
            if (UnitMilliseconds(unit) is not { } scale)
                return false;

            milliseconds += number * scale;
            text = text[unit.Length..];
        }

        return true;
    }

    static double? UnitMilliseconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1e-6,
        // The micro sign and the Greek letter mu look alike; Go accepts both.
        "us" or "\u00b5s" or "\u03bcs" => 1e-3,
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => null,
    };
}
