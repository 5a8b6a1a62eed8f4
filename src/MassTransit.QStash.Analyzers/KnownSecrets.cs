using System.Text;

namespace MassTransit.QStash.Analyzers;

/// <summary>What tokens and signing keys look like, and which are public.</summary>
static class KnownSecrets
{
    /// <summary>Real ones are longer; tests make up shorter ones.</summary>
    public const int ShortestSecret = 32;

    const string KeyPrefix = "sig_";
    const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    // Published with the development servers; they protect nothing.
    static readonly string[] PublicUsers = ["defaultUser", "testUser1", "testUser2", "testUser3"];

    static readonly string[] PublicKeys =
    [
        "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs", "sig_7GVPjvuwsfqF65iC8fSrs1dfYruM", "sig_5NoELc3EFnZn4DVS5bDs2Nk4b7Ua",
        "sig_6jWGaWRxHsw4vMSPJprXadyvrybF", "sig_7qHbvhmahe5GwfePDiS5Lg3pi6Qx", "sig_5T8FcSsynBjn9mMLBsXhpacRovJf", "sig_7GFR4YaDshFcqsxWRZpRB161jguD",
    ];

    /// <summary>Base64 of <c>{"UserID":…,"Password":…}</c>, or the <c>qstash_…</c> that is sometimes seen.</summary>
    public static bool IsToken(string text) =>
        (text.StartsWith("qstash_", StringComparison.Ordinal) && text.Length >= ShortestSecret && text.Skip(7).All(char.IsLetterOrDigit))
        || (Decode(text) is { } json && json.Contains("\"UserID\"") && json.Contains("\"Password\"") && !IsPublicUser(json));

    public static bool IsSigningKey(string text) =>
        text.Length >= ShortestSecret && text.StartsWith(KeyPrefix, StringComparison.Ordinal) && text.Skip(KeyPrefix.Length).All(character => Base58.IndexOf(character) >= 0)
        && !PublicKeys.Contains(text);

    /// <summary>Whether it may be said aloud.</summary>
    public static bool IsPublic(string text) => PublicKeys.Contains(text) || (Decode(text) is { } json && IsPublicUser(json));

    static bool IsPublicUser(string json) => PublicUsers.Any(user => json.Contains($"\"UserID\":\"{user}\""));

    static string? Decode(string text)
    {
        // {" in Base64
        if (!text.StartsWith("eyJ", StringComparison.Ordinal) || text.Length < ShortestSecret)
            return null;

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
