using System.Globalization;

namespace QStash.Emulator.Grammar;

/// <summary>
/// Reads dates of HTTP, in the present form and the two obsolete ones. The weekday does not matter, because the example in
/// QStash's documentation has a wrong one.
/// </summary>
static class HttpDate
{
    static readonly string[] Formats =
    [
        "d MMM yyyy H:mm:ss", "d-MMM-yy H:mm:ss", "d-MMM-yyyy H:mm:ss", "MMM d H:mm:ss yyyy",
        "d MMM yyyy H:mm:ss zzz", "d MMM yyyy H:mm", "yyyy-MM-dd'T'H:mm:ssK", "yyyy-MM-dd'T'H:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string text, out DateTimeOffset date)
    {
        var rest = text.Trim();
        var word = rest.AsSpan().IndexOfAny(',', ' ');
        if (word > 0 && (rest[word] == ',' ? rest[..word].All(char.IsAsciiLetter) : IsWeekday(rest[..word])))
            rest = rest[(word + 1)..].TrimStart();

        if (rest.EndsWith("GMT", StringComparison.OrdinalIgnoreCase) || rest.EndsWith("UTC", StringComparison.OrdinalIgnoreCase))
            rest = rest[..^3].TrimEnd();

        return DateTimeOffset.TryParseExact(
            rest, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out date);
    }

    // The third form has no comma behind the weekday.
    static bool IsWeekday(string word) =>
        word.Length == 3
        && Array.Exists(
            CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedDayNames,
            day => day.Equals(word, StringComparison.OrdinalIgnoreCase));
}
