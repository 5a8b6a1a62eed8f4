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
    static readonly byte[] Header = [.. Base64Url.EncodeToUtf8("""{"alg":"HS256","typ":"JWT"}"""u8), (byte)'.'];

    // Each attempt has a token, so a thread keeps what it writes them with.
    [ThreadStatic]
    static ArrayBufferWriter<byte>? _claims;

    // To set up a key takes longer than to sign.
    [ThreadStatic]
    static (string Key, IncrementalHash Hmac)? _lastKey;

    public static string Create(string signingKey, string url, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var claims = _claims ??= new ArrayBufferWriter<byte>(512);
        claims.ResetWrittenCount();
        WriteClaims(claims, url, body, now.ToUnixTimeSeconds());

        var signed = Header.Length + Base64Url.GetEncodedLength(claims.WrittenCount);
        var length = signed + 1 + Base64Url.GetEncodedLength(HMACSHA256.HashSizeInBytes);
        var token = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Header.CopyTo(token, 0);
            Base64Url.EncodeToUtf8(claims.WrittenSpan, token.AsSpan(Header.Length));
            token[signed] = (byte)'.';
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            var hmac = HmacOf(signingKey);
            hmac.AppendData(token, 0, signed);
            hmac.GetHashAndReset(mac);
            Base64Url.EncodeToUtf8(mac, token.AsSpan(signed + 1));
            return Encoding.ASCII.GetString(token, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(token);
        }
    }

    /// <summary>The same token with a wrong signature. Its claims can still be read.</summary>
    public static string Corrupt(string token)
    {
        var signature = token.LastIndexOf('.') + 1;
        return token[..signature] + (token[signature] == 'A' ? 'B' : 'A') + token[(signature + 1)..];
    }

    static IncrementalHash HmacOf(string signingKey)
    {
        if (_lastKey is { } last && last.Key == signingKey)
            return last.Hmac;

        // The key is the whole text, with its prefix sig_.
        var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(signingKey));
        _lastKey?.Hmac.Dispose();
        _lastKey = (signingKey, hmac);
        return hmac;
    }

    static void WriteClaims(ArrayBufferWriter<byte> claims, string url, ReadOnlySpan<byte> body, long issuedAt)
    {
        using var json = new Utf8JsonWriter(claims, Relaxed);
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

    /// <summary>The hash of the body. It is padded, unlike the segments of the token.</summary>
    static string BodyHash(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Base64Url.EncodeToString(hash) + "=";
    }
}
