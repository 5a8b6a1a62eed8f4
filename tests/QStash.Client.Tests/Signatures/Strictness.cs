using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace QStash.Client.Tests;

/// <summary>
/// Whether one of the documented rules applies by which the verifier refuses more than a general JWT library
/// (remarks of <see cref="QStashSignatureVerifier"/>), judged from the token alone.
/// </summary>
static class Strictness
{
    static readonly string[] Claims = ["iss", "sub", "exp", "nbf", "body"];

    public static bool Applies(string token, DateTimeOffset now)
    {
        var segments = token.Split('.');
        if (token.Length > 8192 || !IsCanonical(segments[2]))
            return true;

        try
        {
            return IsStricter(segments, now);
        }
        catch (JsonException)
        {
            // The reference stops reading after the object.
            return true;
        }
    }

    static bool IsStricter(string[] segments, DateTimeOffset now)
    {
        var headerText = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(segments[0]));
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(segments[1]));

        return !headerText.Contains("\"HS256\"", StringComparison.Ordinal) ||
            Claims.Any(name => Count(payload, name) == 0) ||
            !IsWholeNumber(payload, "exp") ||
            !IsWholeNumber(payload, "nbf") ||
            payload.RootElement.GetProperty("exp").GetInt64() > now.ToUnixTimeSeconds() + 3600 + 5 ||
            payload.RootElement.GetProperty("body").GetString()!.EndsWith("==", StringComparison.Ordinal);
    }

    static bool IsCanonical(string segment) => Base64Url.EncodeToString(Base64Url.DecodeFromChars(segment.TrimEnd('='))) == segment;

    static int Count(JsonDocument document, string name) => document.RootElement.EnumerateObject().Count(member => member.NameEquals(name));

    static bool IsWholeNumber(JsonDocument payload, string name) =>
        payload.RootElement.GetProperty(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out _);
}
