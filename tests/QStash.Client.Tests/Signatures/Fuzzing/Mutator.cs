using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace QStash.Client.Tests.Fuzzing;

/// <summary>
/// Bends genuine deliveries. What nobody signed can only fail at the signature, so most mutants are signed again with a real
/// key: they are what the checks behind the signature see.
/// </summary>
sealed class Mutator(Random random, int toleranceSeconds)
{
    const int GenuineDeliveries = 256;

    static readonly string[] Headers =
    [
        """{"alg":"none"}""", """{"alg":"HS384","typ":"JWT"}""", """{"alg":"hs256"}""", """{"typ":"JWT"}""", """{"alg":null}""",
        """{"alg":["HS256"]}""", """{"alg":"HS256","alg":"none"}""", """{"alg":"none","alg":"HS256"}""", """{"alg":"none","x":"HS256"}""",
        """{"alg":"HS256","crit":["exp"],"exp":1}""", """{"alg":"HS256","b64":false,"crit":["b64"]}""", """{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}""",
        """{"alg":"HS\u0032\u0035\u0036"}""", """{"\u0061lg":"none","alg":"HS256"}""", """["HS256"]""", "", "{", """{"alg":"HS256"}}""", """{"alg":"HS256"}{}""",
        """{ "alg" : "HS256", "kid" : "../../dev/null" }""", "{\"typ\":\"JWT\",\"alg\":\"HS256\"}", "\uFEFF{\"alg\":\"HS256\"}", """{"alg":"HS256",}""", """{"alg":"HS256"/**/}"""
    ];

    static readonly string[] OddValues =
    [
        "null", "true", "\"\"", "[]", "{}", "0", "-0", "-1", "1", "1.5", "1700000300.0", "1.7e9", "1e999", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "\"Upstash\"", "[\"Upstash\"]", "\"upstash\"", "\"Upstash \"", "\"Upstash\\u0000\"", "\"\\u0055pstash\"", "\"\\ud800\"", "\"1700000300\"",
        "NaN", "Infinity", "0x7fffffff", "01700000300", "+1700000300", "\"https://example.com/qstash/orders\"", "{\"iss\":\"Upstash\",\"exp\":1}"
    ];

    static readonly string[] Keys = ["", "sig_0123456789012345678901234567", Vectors.Current[4..], Vectors.Current + Vectors.Next, Vectors.Current.ToUpperInvariant(), Vectors.Next[..^1]];

    readonly GenuineDelivery[] _genuine = [.. Enumerable.Range(0, GenuineDeliveries).Select(_ => GenuineDelivery.Create(random))];
    HashSet<string>? _tokens;

    public bool IsGenuine(string token) => (_tokens ??= [.. _genuine.Select(delivery => delivery.Token)]).Contains(token);

    public Mutant Next()
    {
        var delivery = Pick();
        return random.Next(16) switch
        {
            0 => Bend(delivery, "genuine", delivery.Token),
            1 or 2 => Bend(delivery, "text", MutateText(delivery.Token)),
            3 => Bend(delivery, "bytes", MutateBytes(delivery.Token)),
            4 => Bend(delivery, "spliced", Splice(delivery, Pick())),
            5 => Bend(delivery, "foreign key", Jws.Sign(GenuineDelivery.Json(delivery.Claims), delivery.Header, Keys[random.Next(Keys.Length)])),
            6 => Bend(delivery, "other algorithm", SignLonger(delivery)),
            7 => Bend(delivery, "other delivery", delivery.Token) with { Body = Pick().Body, Url = random.Next(2) == 0 ? delivery.Url : Pick().Url },
            8 => Bend(delivery, "other time", delivery.Token) with { Now = EdgeOfTime() },
            9 or 10 => Bend(delivery, "header", Jws.Sign(GenuineDelivery.Json(delivery.Claims), MutateHeader(), delivery.Key), isSigned: true),
            11 => Bend(delivery, "payload text", Jws.Sign(MutateText(GenuineDelivery.Json(delivery.Claims)), delivery.Header, delivery.Key), isSigned: true),
            _ => Bend(delivery, "claims", Jws.Sign(Layout(MutateClaims(delivery)), delivery.Header, delivery.Key), isSigned: true)
        };
    }

    GenuineDelivery Pick() => _genuine[random.Next(_genuine.Length)];

    static Mutant Bend(GenuineDelivery delivery, string kind, string token, bool isSigned = false) =>
        new(kind, token, delivery.Body, delivery.Url, DateTimeOffset.FromUnixTimeSeconds(GenuineDelivery.IssuedAt + 1), isSigned);

    // One tick, one second or a day around begin and end, with and without tolerance.
    DateTimeOffset EdgeOfTime()
    {
        var edge = GenuineDelivery.IssuedAt + (random.Next(2) * GenuineDelivery.Lifetime) + ((random.Next(3) - 1) * toleranceSeconds);
        TimeSpan[] distances = [TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)];

        return DateTimeOffset.FromUnixTimeSeconds(edge) + (distances[random.Next(distances.Length)] * (random.Next(2) == 0 ? 1 : -1));
    }

    string MutateHeader() => random.Next(3) == 0 ? MutateText(Jws.Header) : Headers[random.Next(Headers.Length)];

    List<(string Name, string Json)> MutateClaims(GenuineDelivery delivery)
    {
        var claims = delivery.Claims.ToList();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var index = random.Next(claims.Count);
            switch (random.Next(8))
            {
                case 0 when claims.Count > 1:
                    claims.RemoveAt(index);
                    break;
                case 1:
                    claims.Insert(random.Next(claims.Count), random.Next(2) == 0 ? claims[index] : claims[index] with { Json = OddValue() });
                    break;
                case 2:
                    claims[index] = claims[index] with { Name = Rename(claims[index].Name) };
                    break;
                case 3:
                    claims[index] = claims[index] with { Json = OddValue() };
                    break;
                case 4:
                    claims.Add(("x" + random.Next(3), OddValue()));
                    break;
                case 5:
                    claims[index] = claims[random.Next(claims.Count)] with { Name = claims[index].Name };
                    break;
                default:
                    claims[index] = claims[index] with { Json = NearMiss(claims[index], delivery) };
                    break;
            }
        }

        return claims;
    }

    string OddValue() => OddValues[random.Next(OddValues.Length)];

    string Rename(string name)
    {
        string[] names = [name.ToUpperInvariant(), $"\\u{(int)name[0]:x4}{name[1..]}", name + " ", name + "\\u0000", name[..1], "x" + name];
        return names[random.Next(names.Length)];
    }

    string NearMiss((string Name, string Json) claim, GenuineDelivery delivery)
    {
        var now = GenuineDelivery.IssuedAt + 1;
        var step = random.Next(-1, 2);
        switch (claim.Name)
        {
            case "exp":
                return $"{now + step + (random.Next(2) == 0 ? -toleranceSeconds : 3600 + toleranceSeconds)}";
            case "nbf":
                return $"{now + step + toleranceSeconds}";
            case "sub":
                string[] urls =
                [
                    delivery.Url + "/", delivery.Url.TrimEnd('/'), delivery.Url + "?x=1", delivery.Url.Split('?')[0], delivery.Url.ToUpperInvariant(), Pick().Url, "",
                    delivery.Url.Replace("https", "http", StringComparison.Ordinal), delivery.Url.Replace("example", "example:443", StringComparison.Ordinal), delivery.Url + "\\u0000"
                ];
                return $"\"{urls[random.Next(urls.Length)]}\"";
            case "body":
                var hash = SHA256.HashData(random.Next(2) == 0 ? delivery.Body : Pick().Body);
                string[] texts =
                [
                    Base64Url.EncodeToString(hash), Base64Url.EncodeToString(hash) + "=", Base64Url.EncodeToString(hash) + "==", "=" + Base64Url.EncodeToString(hash),
                    Convert.ToBase64String(hash), Convert.ToHexString(hash), Base64Url.EncodeToString(hash)[..^1], Base64Url.EncodeToString(hash.AsSpan(1)), ""
                ];
                return $"\"{texts[random.Next(texts.Length)]}\"";
            default:
                return MutateText(claim.Json);
        }
    }

    // JSON allows blanks anywhere, and nothing behind the object.
    string Layout(List<(string Name, string Json)> claims)
    {
        var json = GenuineDelivery.Json(claims);
        return random.Next(12) switch
        {
            0 => json.Replace(",", " ,\n\t", StringComparison.Ordinal),
            1 => $" {json}\r\n",
            2 => json + "x{}[,"[random.Next(5)],
            3 => json.Replace("}", ",}", StringComparison.Ordinal),
            4 => "\uFEFF" + json,
            5 => "/**/" + json,
            6 => json + "\0",
            _ => json
        };
    }

    string Splice(GenuineDelivery delivery, GenuineDelivery other)
    {
        var (mine, theirs) = (delivery.Token.Split('.'), other.Token.Split('.'));
        return random.Next(5) switch
        {
            0 => $"{mine[0]}.{theirs[1]}.{mine[2]}",
            1 => $"{mine[0]}.{mine[1]}.{theirs[2]}",
            2 => $"{delivery.Token}.{theirs[2]}",
            3 => $"{delivery.Token},{other.Token}",
            _ => $"{mine[0]}.{mine[1]}."
        };
    }

    // The right key under the wrong algorithm, the MAC whole or cut to the length that is expected.
    string SignLonger(GenuineDelivery delivery)
    {
        var header = random.Next(2) == 0 ? Jws.Header : """{"alg":"HS512","typ":"JWT"}""";
        var input = $"{Jws.Encode(header)}.{Jws.Encode(GenuineDelivery.Json(delivery.Claims))}";
        var mac = HMACSHA512.HashData(Encoding.UTF8.GetBytes(delivery.Key), Encoding.UTF8.GetBytes(input));

        return $"{input}.{Base64Url.EncodeToString(mac.AsSpan(0, random.Next(2) == 0 ? 32 : 64))}";
    }

    // Flips bits of what a segment says, not of how it is spelled.
    string MutateBytes(string token)
    {
        var segments = token.Split('.');
        var segment = random.Next(3);
        var bytes = Base64Url.DecodeFromChars(segments[segment]);
        for (var count = random.Next(1, 4); count > 0; count--)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));

        segments[segment] = Base64Url.EncodeToString(bytes);
        return string.Join('.', segments);
    }

    string MutateText(string text)
    {
        var characters = new StringBuilder(text);
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var index = random.Next(characters.Length + 1);
            switch (random.Next(7))
            {
                case 0 when index < characters.Length:
                    characters[index] = Character();
                    break;
                case 1 when index < characters.Length:
                    characters.Remove(index, Math.Min(random.Next(1, 4), characters.Length - index));
                    break;
                case 2:
                    characters.Insert(index, Character());
                    break;
                case 3:
                    characters.Length = index;
                    break;
                case 4 when characters.Length < 9_000:
                    characters.Insert(index, characters.ToString(0, random.Next(characters.Length + 1)));
                    break;
                case 5 when random.Next(50) == 0:
                    characters.Insert(index, new string(Character(), random.Next(1, 12_000)));
                    break;
                default:
                    characters.Append("=. \n,"[random.Next(5)]);
                    break;
            }
        }

        return characters.ToString();
    }

    char Character() => random.Next(8) == 0 ? (char)random.Next(char.MaxValue + 1) : (char)random.Next(' ', 127);
}
