using Microsoft.Extensions.Time.Testing;

namespace QStash.Client.Tests;

static class Verifiers
{
    public static QStashSignatureVerifier At(long unixSeconds, int tolerance = 0) =>
        new(Vectors.Keys, new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(unixSeconds)), TimeSpan.FromSeconds(tolerance));

    /// <summary>Vector A's claims, one replaced; null or "" leaves a claim out. Times are raw JSON.</summary>
    public static string Payload(string? iss = "Upstash", string? sub = Vectors.Url, string exp = "1700000300", string nbf = "1700000000", string? body = "k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=", string extra = "")
    {
        var claims = new List<string>();
        if (iss is not null)
            claims.Add($"\"iss\":\"{iss}\"");
        if (sub is not null)
            claims.Add($"\"sub\":\"{sub}\"");
        if (exp.Length > 0)
            claims.Add($"\"exp\":{exp}");
        if (nbf.Length > 0)
            claims.Add($"\"nbf\":{nbf}");
        if (body is not null)
            claims.Add($"\"body\":\"{body}\"");

        return $"{{{string.Join(',', claims)}{extra}}}";
    }
}
