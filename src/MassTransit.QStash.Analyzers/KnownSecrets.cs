using System.Text;
using System.Text.RegularExpressions;

namespace MassTransit.QStash.Analyzers;

/// <summary>Recognises tokens and signing keys, and the public ones among them.</summary>
static class KnownSecrets
{
    /// <summary>Real secrets are longer; tests use shorter made-up ones.</summary>
    const int ShortestSecret = 32;

    /// <summary>A text with fewer different characters counts as a placeholder.</summary>
    const int FewestCharacters = 9;

    const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>Base64 of <c>{"UserID":…,"Password":…}</c>, or the form <c>qstash_…</c>, which also occurs.</summary>
    static readonly Regex Token = new("(?<![A-Za-z0-9+/_-])(eyJ[A-Za-z0-9+/_-]{29,}={0,2}|qstash_[A-Za-z0-9]{25,}(?![A-Za-z0-9_-]))",
        Options);

    /// <summary>The rest of a key is Base58.</summary>
    static readonly Regex SigningKey = new("(?<![A-Za-z0-9_])sig_[1-9A-HJ-NP-Za-km-z]{28,}(?![A-Za-z0-9_-])", Options);

    static readonly Regex Member = new("\"(?<name>UserID|Password)\"\\s*:\\s*\"(?<value>[^\"]*)\"", RegexOptions.CultureInvariant);

    static readonly Regex Placeholder = new(
        @"[\s<>{}\[\]()$%#*…]|your|token|secret|placeholder|example|sample|dummy|fake|change|replace|insert|to-?do|xxxx|signing"
        + @"|\btest|qstash_?key", Options | RegexOptions.IgnoreCase);

    // Published with the development servers; they protect nothing.
    static readonly string[] PublicUsers = ["defaultUser", "testUser1", "testUser2", "testUser3"];

    static readonly string[] PublicKeys =
    [
        "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs", "sig_7GVPjvuwsfqF65iC8fSrs1dfYruM",
            "sig_5NoELc3EFnZn4DVS5bDs2Nk4b7Ua",
        "sig_6jWGaWRxHsw4vMSPJprXadyvrybF", "sig_7qHbvhmahe5GwfePDiS5Lg3pi6Qx", "sig_5T8FcSsynBjn9mMLBsXhpacRovJf",
            "sig_7GFR4YaDshFcqsxWRZpRB161jguD",
    ];

    /// <summary>The first token in a text, which may be a header or a document around it.</summary>
    public static string? FindToken(string text) => Maybe(text, "eyJ", "qstash_")
        ? Token.Matches(text).Cast<Match>().Select(static match => match.Value).FirstOrDefault(IsToken)
        : null;

    /// <summary>The first signing key in a text.</summary>
    public static string? FindSigningKey(string text) => Maybe(text, "sig_", "sig_")
        ? SigningKey.Matches(text).Cast<Match>().Select(static match => match.Value)
            .FirstOrDefault(key => !PublicKeys.Contains(key) && !IsPlaceholder(key.Substring(4)))
        : null;

    /// <summary>Whether a constant that is used as a secret could be one, although it does not have the form of QStash's secrets.</summary>
    public static bool CouldBeSecret(string text) => text.Length >= ShortestSecret && !IsPublic(text) && !IsPlaceholder(text);

    static bool Maybe(string text, string one, string other) =>
        text.Length >= ShortestSecret
            && (text.IndexOf(one, StringComparison.Ordinal) >= 0 || text.IndexOf(other, StringComparison.Ordinal) >= 0);

    static bool IsToken(string text)
    {
        if (text.StartsWith("qstash_", StringComparison.Ordinal))
            return !IsPlaceholder(text.Substring(7));

        var members = Members(text);
        return members.TryGetValue("UserID", out var user) && members.TryGetValue("Password", out var password)
            && !PublicUsers.Contains(user) && password.Length >= 12 && !IsPlaceholder(password);
    }

    static bool IsPublic(string text) => PublicKeys.Contains(text) || Members(text).ContainsKey("UserID");

    /// <summary>Whether a text is a placeholder for a secret: words, or a repetition of the same few characters.</summary>
    static bool IsPlaceholder(string text) =>
        Placeholder.IsMatch(text) || text.Distinct().Count() < FewestCharacters || !text.Any(char.IsDigit) || !text.Any(char.IsLetter);

    static Dictionary<string, string> Members(string token)
    {
        var members = new Dictionary<string, string>();
        foreach (Match member in Member.Matches(Decode(token) ?? ""))
            members[member.Groups["name"].Value] = member.Groups["value"].Value;

        return members;
    }

    static string? Decode(string text)
    {
        // {" in Base64
        if (!text.StartsWith("eyJ", StringComparison.Ordinal))
            return null;

        var base64 = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
