using System.Buffers;
using System.Text.RegularExpressions;

namespace QStash.Client;

/// <summary>
/// Recognises pasted texts that cannot be a token or a signing key. The results say what is wrong, and never repeat the secret.
/// </summary>
static partial class QStashSecret
{
    const string KeyPrefix = "sig_";
    const string Quotes = "\"'`\u201C\u201D\u2018\u2019\u201E\u201A\u00AB\u00BB";

    static readonly SearchValues<char> QuoteCharacters = SearchValues.Create(Quotes);
    static readonly SearchValues<char> PlaceholderCharacters = SearchValues.Create("<>${}%*[]()\u2026");

    static readonly string[] Words =
    [
        "changeme", "change-me", "change_me", "replaceme", "replace-me", "replace_me", "todo", "tbd", "none", "null", "undefined",
        "example", "placeholder", "dummy", "redacted", "hidden",
    ];

    /// <summary>Tells why a text cannot be a token, such as "contains quotes"; null when nothing is wrong.</summary>
    /// <param name="token">The text given for the token. Nothing is wrong with an empty text.</param>
    public static string? FindTokenProblem(string token)
    {
        ArgumentNullException.ThrowIfNull(token);

        return FindProblem(token)
            ?? (token.StartsWith(KeyPrefix, StringComparison.Ordinal) ? "is a signing key: token and keys were swapped" : null);
    }

    /// <summary>Tells why a text cannot be a signing key, such as "contains quotes"; null when nothing is wrong.</summary>
    /// <param name="key">The text given for the key. Nothing is wrong with an empty text.</param>
    public static string? FindSigningKeyProblem(string key)
    {
        ArgumentNullException.ThrowIfNull(key);

        // A token is JSON in Base64, or begins with its name.
        return FindProblem(key)
            ?? (key.StartsWith("eyJ", StringComparison.Ordinal) || key.StartsWith("qstash_", StringComparison.Ordinal)
                ? "is a token: token and keys were swapped"
                : null);
    }

    static string? FindProblem(string text)
    {
        var trimmed = text.Trim();

        if (trimmed.StartsWith("export ", StringComparison.OrdinalIgnoreCase))
            return "begins with 'export': only what is behind the '=' belongs there";
        if (trimmed.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return "begins with 'Bearer': only what is behind it belongs there";
        if (IsPlaceholder(trimmed))
            return "is a placeholder";

        if (IsAssignment(trimmed))
            return "contains the name of its variable: only what is behind the '=' belongs there";
        if (text.AsSpan().ContainsAny(QuoteCharacters))
            return "contains quotes: leave them out";
        if (text.AsSpan().ContainsAny('\r', '\n'))
            return "contains a line break";
        if (text.AsSpan().ContainsAny(' ', '\t'))
            return "contains blanks";
        if (text.AsSpan().ContainsAny(",;:\\"))
            return "contains characters that no secret of QStash has, such as ',' or ':'";

        return text.AsSpan().ContainsAnyExceptInRange('!', '~') ? "contains characters beyond ASCII, or invisible ones" : null;
    }

    static bool IsPlaceholder(string text)
    {
        var name = text.Trim(Quotes.ToCharArray());
        var rest = name.StartsWith(KeyPrefix, StringComparison.Ordinal) ? name[KeyPrefix.Length..] : name;

        return rest.Length > 0
            && (rest.AsSpan().ContainsAny(PlaceholderCharacters)
                || rest.Contains("...", StringComparison.Ordinal)
                || (rest.Length > 2 && rest.Trim(rest[0]).Length == 0)
                || (rest.StartsWith("QSTASH_", StringComparison.Ordinal) && !rest.AsSpan().ContainsAny("=:"))
                || rest.StartsWith("your", StringComparison.OrdinalIgnoreCase)
                || rest.EndsWith("-here", StringComparison.OrdinalIgnoreCase) || rest.EndsWith("_here", StringComparison.OrdinalIgnoreCase)
                || Words.Contains(rest, StringComparer.OrdinalIgnoreCase));
    }

    // Base64 may end with '=', but nothing follows it, and it is longer than a name. The regex is built only for a text that has another
    // '=', because each start checks the token and the keys.
    static bool IsAssignment(string text) => text.TrimEnd('=').Contains('=', StringComparison.Ordinal) && Assignment().IsMatch(text);

    [GeneratedRegex("""^["'`]?[A-Za-z_][A-Za-z0-9_:.-]{0,50}=["'`A-Za-z0-9]""")]
    private static partial Regex Assignment();
}
