using System.Globalization;
using System.Text.RegularExpressions;

namespace QStash.Tool;

/// <summary>Durations as they are typed and shown: <c>90s</c>, <c>1h30m</c>, <c>7d</c>.</summary>
static partial class Durations
{
    public const string Takes = "a duration such as 30s, 10m, 1h30m or 7d";

    public static object? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
            return null;

        var total = TimeSpan.Zero;
        try
        {
            foreach (Capture part in match.Groups["part"].Captures)
            {
                var number = double.Parse(part.Value[..^1], CultureInfo.InvariantCulture);
                total += part.Value[^1] switch
                {
                    's' => TimeSpan.FromSeconds(number),
                    'm' => TimeSpan.FromMinutes(number),
                    'h' => TimeSpan.FromHours(number),
                    _ => TimeSpan.FromDays(number),
                };
            }
        }
        catch (OverflowException)
        {
            return null;
        }

        return total;
    }

    public static string Text(TimeSpan duration)
    {
        var parts = new (int Count, string Unit)[] { (duration.Days, "d"), (duration.Hours, "h"), (duration.Minutes, "m") }
            .Where(static part => part.Count != 0)
                .Select(static part => string.Create(CultureInfo.InvariantCulture, $"{part.Count}{part.Unit}")).ToList();
        var seconds = duration.Seconds + (duration.Milliseconds / 1000.0);
        if (seconds != 0 || parts.Count == 0)
            parts.Add(seconds.ToString("0.###", CultureInfo.InvariantCulture) + "s");

        return string.Concat(parts);
    }

    [GeneratedRegex(@"^(?<part>\d{1,9}(\.\d{1,3})?[smhd])+$")]
    private static partial Regex Form();
}
