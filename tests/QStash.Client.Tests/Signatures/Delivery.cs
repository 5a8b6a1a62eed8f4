using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace QStash.Client.Tests;

/// <summary>A delivery with a sound token, or one with a few faults in claims, header or text.</summary>
sealed record Delivery(string Token, byte[] Body, string Url, string Faults)
{
    static readonly string[] Urls = ["https://example.com/api/hook?x=1", "https://example.com/", "http://localhost:5000/ü", "https://a.example/?a=1&b=<2>", "https://example.com/" + new string('p', 600)];

    static readonly string[] Algorithms = ["none", "HS384", "HS512", "RS256", "hs256", ""];

    public static Delivery Create(Random random, long now)
    {
        var body = new byte[random.Next(0, 200)];
        random.NextBytes(body);
        var url = Urls[random.Next(Urls.Length)];
        var faults = new List<string>();
        var claims = Claims(random, now, body, url, faults);
        if (random.Next(2) == 0)
            random.Shuffle(claims);

        var header = Header(random, faults);
        var payload = "{" + string.Join(random.Next(4) == 0 ? " , " : ",", claims.Where(claim => claim.Length > 0)) + "}";
        if (Fault(random, faults, "payload text"))
            payload = Mutate(random, payload);

        var key = Fault(random, faults, "foreign key") ? "sig_0123456789012345678901234567" : random.Next(2) == 0 ? Vectors.Current : Vectors.Next;
        var token = Jws.Sign(payload, header, key);

        if (Fault(random, faults, "token text"))
            token = Mutate(random, token);
        if (Fault(random, faults, "last character"))
            token = token[..^1] + "ABCDabcd0189-_"[random.Next(14)];
        if (Fault(random, faults, "signature cut"))
            token = token[..^random.Next(1, 44)];
        if (Fault(random, faults, "other body"))
            body = [.. body, 1];
        if (Fault(random, faults, "other url"))
            url += "/";

        return new Delivery(token, body, url, string.Join(", ", faults));
    }

    static string[] Claims(Random random, long now, byte[] body, string url, List<string> faults)
    {
        var hash = Base64Url.EncodeToString(SHA256.HashData(body)) + (random.Next(2) == 0 ? "=" : "");
        if (Fault(random, faults, "hash padding"))
            hash += "==";
        if (Fault(random, faults, "hash"))
            hash = Mutate(random, hash).Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);

        // Far from the edges, because the reference reads the real clock; the edges have their own tests.
        var exp = Fault(random, faults, "expired") ? now - 600 : now + 600;
        var nbf = Fault(random, faults, "not yet") ? now + 600 : random.Next(2) == 0 ? 0 : now - 600;
        var subject = random.Next(3) == 0 ? url.Replace("/", "\\/", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal) : url;

        return
        [
            Fault(random, faults, "no issuer") ? "" : $"\"iss\":\"{(Fault(random, faults, "issuer") ? "upstash" : random.Next(4) == 0 ? "\\u0055pstash" : "Upstash")}\"",
            Fault(random, faults, "no subject") ? "" : $"\"sub\":\"{subject}\"",
            Fault(random, faults, "no exp") ? "" : Fault(random, faults, "exp fraction") ? $"\"exp\":{exp}.5" : Fault(random, faults, "exp text") ? $"\"exp\":\"{exp}\"" : $"\"exp\":{exp}",
            Fault(random, faults, "no nbf") ? "" : Fault(random, faults, "nbf fraction") ? $"\"nbf\":{nbf}.5" : $"\"nbf\":{nbf}",
            Fault(random, faults, "no hash") ? "" : $"\"body\":\"{hash}\"",
            random.Next(2) == 0 ? "\"aud\":\"\"" : $"\"iat\":{now}",
            random.Next(2) == 0 ? "" : $"\"jti\":\"jwt_{random.Next()}\"",
            random.Next(8) == 0 ? "\"x\":{\"iss\":\"Upstash\",\"exp\":[1,null,true]}" : "",
            Fault(random, faults, "duplicate") ? $"\"exp\":{exp}" : "",
            Fault(random, faults, "oversize") ? $"\"pad\":\"{new string('a', 7000)}\"" : ""
        ];
    }

    static string Header(Random random, List<string> faults)
    {
        if (Fault(random, faults, "header text"))
            return Mutate(random, Jws.Header);
        if (Fault(random, faults, "crit"))
            return """{"alg":"HS256","typ":"JWT","crit":["x"],"x":1}""";
        if (Fault(random, faults, "alg escaped"))
            return """{"alg":"HS\u0032\u0035\u0036","typ":"JWT"}""";
        if (Fault(random, faults, "algorithm"))
            return $$"""{"alg":"{{Algorithms[random.Next(Algorithms.Length)]}}"}""";

        return random.Next(3) == 0 ? """{"typ":"JWT","alg":"HS256","kid":"k"}""" : Jws.Header;
    }

    // Rare enough that about half of the deliveries are sound.
    static bool Fault(Random random, List<string> faults, string name)
    {
        if (random.Next(35) != 0)
            return false;

        faults.Add(name);
        return true;
    }

    static string Mutate(Random random, string text)
    {
        var characters = new StringBuilder(text);
        for (var count = random.Next(1, 3); count > 0 && characters.Length > 0; count--)
        {
            var index = random.Next(characters.Length);
            switch (random.Next(3))
            {
                case 0:
                    characters[index] = (char)random.Next(' ', 127);
                    break;
                case 1:
                    characters.Remove(index, 1);
                    break;
                default:
                    characters.Insert(index, (char)random.Next(' ', 127));
                    break;
            }
        }

        return characters.ToString();
    }
}
