using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QStash.Tool;

/// <summary>
/// Values as text and as JSON. Control characters in texts of others are removed, so that they cannot move the cursor of the terminal.
/// Credentials are left out.
/// </summary>
static class Values
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly string[] Credentials = ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"];

    /// <summary>Writes JSON with indentation, and without escapes that a terminal does not need.</summary>
    public static JsonSerializerOptions Readable { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All)
    };

    public static JsonObject Object<T>(IReadOnlyList<Column<T>> columns, T item)
    {
        var result = new JsonObject();
        foreach (var column in columns)
        {
            var name = JsonName(column.Title);
            var value = column.Value(item);
            if (value is ReadOnlyMemory<byte> { IsEmpty: false } body && TextOf(body.Span) is null)
                result[name + "Base64"] = Convert.ToBase64String(body.Span);
            else if (Json(value) is { } node)
                result[name] = node;
        }

        return result;
    }

    /// <summary>The value in one line; <c>-</c> if there is none.</summary>
    public static string Text(object? value) => value switch
    {
        null or "" => "-",
        bool flag => flag ? "yes" : "no",
        DateTimeOffset time => Time(time),
        TimeSpan duration => Durations.Text(duration),
        string text => Visible(text),
        IEnumerable<string> { } texts => texts.Any() ? Visible(string.Join(", ", texts)) : "-",
        ReadOnlyMemory<byte> body => $"{body.Length} bytes",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Visible(value.ToString()),
    };

    /// <summary>Headers and bodies, which take lines of their own; <see langword="null"/> for everything else.</summary>
    public static string? Block(object? value) => value switch
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> headers =>
            string.Concat(headers.Select(header => $"  {Visible(header.Key)}: {Visible(ValueOf(header.Key, header.Value))}\n")),
        ReadOnlyMemory<byte> body => body.IsEmpty ? "" : Body(body.Span) + "\n",
        _ => null,
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Visible(string? text) =>
        string.Concat((text ?? "").Select(static character => IsHarmless(character) ? character : '\uFFFD'));

    /// <summary>The text of UTF-8; <see langword="null"/> for other bytes.</summary>
    public static string? TextOf(ReadOnlySpan<byte> body)
    {
        try
        {
            return Utf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    static string Body(ReadOnlySpan<byte> body) => TextOf(body) is { } text
        ? string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => "  " + Visible(line)))
        : $"  {body.Length} bytes, as Base64: {Convert.ToBase64String(body)}";

    static string ValueOf(string header, IReadOnlyList<string> values) =>
        Credentials.Contains(header, StringComparer.OrdinalIgnoreCase) ? "(not shown)" : string.Join(", ", values);

    static JsonNode? Json(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture),
        TimeSpan duration => duration.TotalSeconds,
        ReadOnlyMemory<byte> body => body.IsEmpty ? null : TextOf(body.Span),
        IReadOnlyDictionary<string, IReadOnlyList<string>> headers => headers.Count == 0 ? null : Headers(headers),
        IEnumerable<string> texts => new JsonArray([.. texts.Select(static text => (JsonNode)text)]),
        IEnumerable<JsonObject> objects => new JsonArray([.. objects]),
        _ => value.ToString(),
    };

    static JsonObject Headers(IReadOnlyDictionary<string, IReadOnlyList<string>> headers)
    {
        var result = new JsonObject();
        foreach (var (name, values) in headers)
            result[name] = ValueOf(name, values);

        return result;
    }

    static string JsonName(string title)
    {
        var words = title.Split(' ', '-')
            .Select(static (word, i) => i == 0 ? word.ToLowerInvariant() : char.ToUpperInvariant(word[0]) + word[1..]);
        return string.Concat(words);
    }

    // Marks that turn the direction of text make an address look like another.
    static bool IsHarmless(char character) =>
        character == '\t' || (!char.IsControl(character)
            && character is not ('\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')));
}
