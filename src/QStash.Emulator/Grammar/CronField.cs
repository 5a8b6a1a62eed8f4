using System.Globalization;

namespace QStash.Emulator.Grammar;

/// <summary>One field of a cron expression: its values and their names.</summary>
/// <param name="First">The lowest value.</param>
/// <param name="Last">The highest value.</param>
/// <param name="Names">Names of three letters for the values, beginning with the lowest.</param>
sealed record CronField(int First, int Last, params string[] Names)
{
    /// <summary>Set when the field restricts nothing: <c>*</c>, <c>?</c>, or either with a step of 1.</summary>
    public const ulong Any = 1UL << 63;

    /// <summary>All values, and <see cref="Any"/>.</summary>
    public ulong All => Bits(First, Last, 1) | Any;

    /// <returns>A bit for each value, and perhaps <see cref="Any"/>.</returns>
    /// <exception cref="FormatException">What is wrong, in the words of robfig/cron, the library that QStash seems to use.</exception>
    public ulong Parse(string field)
    {
        var bits = 0UL;
        foreach (var part in field.Split(',', StringSplitOptions.RemoveEmptyEntries))
            bits |= ParsePart(part);

        return bits;
    }

    ulong ParsePart(string part)
    {
        var slashes = part.Split('/');
        var hyphens = slashes[0].Split('-');
        var isAny = hyphens[0] is "*" or "?";
        var (start, end) = isAny ? (First, Last) : (Value(hyphens[0]), 0);
        if (!isAny)
        {
            end = hyphens.Length switch
            {
                1 => start,
                2 => Value(hyphens[1]),
                _ => throw new FormatException($"too many hyphens: {part}"),
            };
        }

        var step = 1;
        if (slashes.Length == 2)
        {
            step = Number(slashes[1]);
            // It means: from there to the last value.
            if (hyphens.Length == 1)
                end = Last;
        }

        if (slashes.Length > 2)
            throw new FormatException($"too many slashes: {part}");

        if (start < First)
            throw new FormatException($"beginning of range ({start}) below minimum ({First}): {part}");

        if (end > Last)
            throw new FormatException($"end of range ({end}) above maximum ({Last}): {part}");

        if (start > end)
            throw new FormatException($"beginning of range ({start}) beyond end of range ({end}): {part}");

        if (step == 0)
            throw new FormatException($"step of range should be a positive number: {part}");

        return Bits(start, end, step) | (isAny && step == 1 ? Any : 0);
    }

    int Value(string text)
    {
        var name = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name >= 0 ? First + name : Number(text);
    }

    static int Number(string text)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax");

        if (number < 0)
            throw new FormatException($"negative number ({number}) not allowed: {text}");

        return (int)Math.Min(number, int.MaxValue);
    }

    static ulong Bits(int start, int end, int step)
    {
        var bits = 0UL;
        for (long value = start; value <= end; value += step)
            bits |= 1UL << (int)value;

        return bits;
    }
}
