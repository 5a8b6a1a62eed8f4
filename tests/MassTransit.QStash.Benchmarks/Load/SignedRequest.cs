using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MassTransit.QStash.Benchmarks.Load;

/// <summary>
/// A delivery as QStash would make it, as the bytes on the wire.
/// </summary>
static class SignedRequest
{
    public static byte[] Create(Uri server, string path, string publicUrl, CapturedMessage message, string signingKey)
    {
        var head = new StringBuilder()
            .Append("POST ").Append(path).Append(" HTTP/1.1\r\n")
            .Append("Host: ").Append(server.Authority).Append("\r\n")
            .Append("User-Agent: Upstash-QStash\r\n")
            .Append("Content-Type: ").Append(message.ContentType).Append("\r\n")
            .Append("Content-Length: ").Append(message.Body.Length).Append("\r\n")
            .Append("Upstash-Message-Id: msg_26hZCxZCuWyyTWPmSVBrNB882AXqDbKKqvEWTmqPJRCzwzTHLpaZ\r\n")
            .Append("Upstash-Retried: 0\r\n")
            .Append("Upstash-Caller-Ip: 203.0.113.7\r\n")
            .Append("Upstash-Region: EU-CENTRAL-1\r\n")
            .Append("Upstash-Signature: ").Append(Sign(signingKey, publicUrl, message.Body)).Append("\r\n");

        foreach (var (name, value) in message.ForwardedHeaders)
            head.Append(name).Append(": ").Append(value).Append("\r\n");

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. message.Body];
    }

    public static string Sign(string key, string url, ReadOnlySpan<byte> body)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new
        {
            iss = "Upstash",
            sub = url,
            exp = now + 300,
            nbf = now,
            iat = now,
            jti = "jwt_67kxXD6UBAk7DqU6hzuHMDdXFXfP",
            body = Base64Url.EncodeToString(SHA256.HashData(body)) + "=",
        }));
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes($"{header}.{payload}"));

        return $"{header}.{payload}.{Base64Url.EncodeToString(signature)}";
    }
}
