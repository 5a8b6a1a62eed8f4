using System.Buffers.Text;
using System.Security.Cryptography;

namespace QStash.Client.Tests.Fuzzing;

/// <summary>A delivery as QStash makes it, within the freedom it has.</summary>
sealed class GenuineDelivery
{
    public const long IssuedAt = Vectors.IssuedAt;
    public const int Lifetime = 300;

    static readonly string[] Hosts = ["https://example.com", "https://orders.example.com:8443", "https://a.example/base"];
    static readonly string[] Paths = ["/qstash/orders", "/qstash/orders?x=1&y=<2>", "/", "/ü", "/" + new string('p', 500)];

    public required string Token { get; init; }
    public required string Header { get; init; }
    public required (string Name, string Json)[] Claims { get; init; }
    public required byte[] Body { get; init; }
    public required string Url { get; init; }
    public required string Key { get; init; }

    public static GenuineDelivery Create(Random random)
    {
        var body = new byte[random.Next(0, 120)];
        random.NextBytes(body);
        var url = Hosts[random.Next(Hosts.Length)] + Paths[random.Next(Paths.Length)];
        var key = random.Next(2) == 0 ? Vectors.Current : Vectors.Next;
        (string, string)[] claims =
        [
            ("iss", "\"Upstash\""),
            ("sub", $"\"{(random.Next(3) == 0 ? url.Replace("/", "\\/", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal) : url)}\""),
            ("exp", $"{IssuedAt + Lifetime}"),
            ("nbf", random.Next(2) == 0 ? "0" : $"{IssuedAt}"),
            ("iat", $"{IssuedAt}"),
            ("jti", $"\"jwt_{random.Next()}\""),
            ("body", $"\"{Base64Url.EncodeToString(SHA256.HashData(body))}{(random.Next(2) == 0 ? "=" : "")}\"")
        ];
        if (random.Next(3) == 0)
            claims = [.. claims, ("aud", "\"\"")];
        if (random.Next(2) == 0)
            random.Shuffle(claims);

        return new GenuineDelivery
        {
            Token = Jws.Sign(Json(claims), Jws.Header, key),
            Header = Jws.Header,
            Claims = claims,
            Body = body,
            Url = url,
            Key = key
        };
    }

    public static string Json(IEnumerable<(string Name, string Json)> claims) =>
        $"{{{string.Join(',', claims.Select(claim => $"\"{claim.Name}\":{claim.Json}"))}}}";
}
