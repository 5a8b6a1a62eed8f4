using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Delivery;

// docs/qstash-contract.md#signature
/// <summary>The JWT of <c>Upstash-Signature</c>.</summary>
static class DeliverySignature
{
    const int LifetimeSeconds = 300;
    const int TokenIdLength = 28;

    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public static string Create(string signingKey, string url, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var issuedAt = now.ToUnixTimeSeconds();
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("iss"u8, "Upstash"u8);
            json.WriteString("sub"u8, url);
            json.WriteNumber("exp"u8, issuedAt + LifetimeSeconds);
            json.WriteNumber("nbf"u8, issuedAt);
            json.WriteNumber("iat"u8, issuedAt);
            json.WriteString("jti"u8, "jwt_" + RandomText.Base58(TokenIdLength));
            json.WriteString("body"u8, BodyHash(body));
            json.WriteEndObject();
        }

        var signed = $"{Header}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
        // The key is the whole text, with its prefix sig_.
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(signingKey), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The same token with a wrong signature. Its claims can still be read.</summary>
    public static string Corrupt(string token)
    {
        var signature = token.LastIndexOf('.') + 1;
        return token[..signature] + (token[signature] == 'A' ? 'B' : 'A') + token[(signature + 1)..];
    }

    /// <summary>The hash of the body. It is padded, unlike the segments of the token.</summary>
    static string BodyHash(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Base64Url.EncodeToString(hash) + "=";
    }
}
