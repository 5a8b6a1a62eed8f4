using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// A request as QStash would make it, to be sent past the emulator and bent where a test wants it.
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

    /// <summary>The token, with claims of the caller's making if it wants.</summary>
    public string Sign(Action<JsonObject>? bend = null, string header = """{"alg":"HS256","typ":"JWT"}""")
    {
        var claims = new JsonObject
        {
            ["iss"] = "Upstash",
            ["sub"] = PublicUrl,
            ["exp"] = Now.ToUnixTimeSeconds() + 300,
            ["nbf"] = Now.ToUnixTimeSeconds(),
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["jti"] = $"jwt_{Guid.NewGuid():N}",
            ["body"] = Base64Url.EncodeToString(SHA256.HashData(Body)) + "=",
        };
        bend?.Invoke(claims);

        var input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        var key = Encoding.ASCII.GetBytes(SigningKey);
        var mac = header.Contains("HS384", StringComparison.Ordinal)
            ? HMACSHA384.HashData(key, Encoding.ASCII.GetBytes(input))
            : HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(input));

        return $"{input}.{Base64Url.EncodeToString(mac)}";
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
