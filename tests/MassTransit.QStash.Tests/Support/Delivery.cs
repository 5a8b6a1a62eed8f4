using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// A request as QStash would make it (contract sections 4 and 6), to be sent past the emulator and bent where a test wants it.
/// </summary>
sealed class Delivery
{
    public required string PublicUrl { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required string SigningKey { get; init; }
    public byte[] Body { get; init; } = [];
    public string ContentType { get; init; } = "application/json";
    public int Retried { get; init; }

    /// <summary>A plain JSON message for an endpoint, signed with the key of the emulator.</summary>
    public static Delivery Of(Cloud cloud, string publicUrl, string json) => new()
    {
        PublicUrl = publicUrl,
        Now = cloud.Clock.GetUtcNow(),
        SigningKey = cloud.Emulator.DefaultUser.CurrentSigningKey,
        Body = Encoding.UTF8.GetBytes(json),
    };

    public string Sign()
    {
        var header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new
        {
            iss = "Upstash",
            sub = PublicUrl,
            exp = Now.ToUnixTimeSeconds() + 300,
            nbf = Now.ToUnixTimeSeconds(),
            iat = Now.ToUnixTimeSeconds(),
            jti = "jwt_test",
            body = Base64Url.EncodeToString(SHA256.HashData(Body)) + "=",
        }));
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(SigningKey), Encoding.ASCII.GetBytes($"{header}.{payload}"));

        return $"{header}.{payload}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The request for a server at <paramref name="localUrl"/>, with the signature unless another, or none, is given.</summary>
    public HttpRequestMessage To(Uri localUrl, string? signature, byte[]? body = null, bool chunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, localUrl) { Content = new ByteArrayContent(body ?? Body) };

        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.TryAddWithoutValidation("Upstash-Message-Id", "msg_test");
        request.Headers.TryAddWithoutValidation("Upstash-Retried", $"{Retried}");

        if (signature is not null)
            request.Headers.TryAddWithoutValidation("Upstash-Signature", signature);

        return request;
    }
}
