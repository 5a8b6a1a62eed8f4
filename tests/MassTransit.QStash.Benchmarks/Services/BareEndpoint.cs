using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.QStash.Benchmarks.Services;

/// <summary>
/// The peers of a receive: what every endpoint must do at least, without and with the two hashes that a signed delivery needs.
/// </summary>
static class BareEndpoint
{
    public const string SigningKey = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";

    // Setting the key up costs as much as the hash, so the transport does it once a thread as well.
    static readonly ThreadLocal<IncrementalHash> Hmac = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(SigningKey)));

    /// <summary>Reads the body.</summary>
    public static async Task Read(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync();
            if (result.IsCompleted)
            {
                reader.AdvanceTo(result.Buffer.End);
                break;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        http.Response.ContentLength = 0;
    }

    /// <summary>Reads the body, hashes it, and checks the HMAC of the token.</summary>
    public static async Task Hash(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync();
            if (result.IsCompleted)
            {
                HashBody(result.Buffer.FirstSpan);
                reader.AdvanceTo(result.Buffer.End);
                break;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        http.Response.StatusCode = IsSigned(http.Request.Headers["Upstash-Signature"].ToString()) ? 200 : 401;
        http.Response.ContentLength = 0;
    }

    static void HashBody(ReadOnlySpan<byte> body) => SHA256.HashData(body, stackalloc byte[SHA256.HashSizeInBytes]);

    static bool IsSigned(ReadOnlySpan<char> token)
    {
        var end = token.LastIndexOf('.');
        Span<byte> input = stackalloc byte[end];
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];

        Encoding.ASCII.GetBytes(token[..end], input);
        Base64Url.DecodeFromChars(token[(end + 1)..], signature);
        Hmac.Value!.AppendData(input);
        Hmac.Value.GetHashAndReset(expected);

        return CryptographicOperations.FixedTimeEquals(signature, expected);
    }
}
