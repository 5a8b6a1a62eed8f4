using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using QStash.Emulator.Tests.Support;

namespace QStash.Emulator.Tests.Delivery;

public class Signing_a_delivery : EmulatorTest
{
    [Fact, Check(48, 49, 50, 51)]
    public async Task Proves_url_and_body_with_the_current_key()
    {
        Sink.AnswerWith(500, 200);
        await PublishAsync("/a?x=1&y=%20", "{\"hello\":\"world\"}", "Upstash-Retry-Delay: 1000");
        await AdvanceAsync(1);

        var claims = Sink.All.Select(request => Verify(request, Emulator.DefaultUser.CurrentSigningKey)).ToList();
        Assert.All(claims, claim =>
        {
            Assert.Equal("Upstash", claim.GetProperty("iss").GetString());
            Assert.Equal(Sink.Url + "/a?x=1&y=%20", claim.GetProperty("sub").GetString());
            Assert.Equal(300, claim.GetProperty("exp").GetInt64() - claim.GetProperty("iat").GetInt64());
            Assert.Equal(claim.GetProperty("iat").GetInt64(), claim.GetProperty("nbf").GetInt64());
            Assert.StartsWith("jwt_", claim.GetProperty("jti").GetString(), StringComparison.Ordinal);
            Assert.Equal("k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=", claim.GetProperty("body").GetString());
        });
        Assert.Equal(1, claims[1].GetProperty("iat").GetInt64() - claims[0].GetProperty("iat").GetInt64());
        Assert.Equal(2, claims.Select(claim => claim.GetProperty("jti").GetString()).Distinct().Count());
    }

    [Fact, Check(52)]
    public async Task Names_the_url_that_is_called()
    {
        await CallAsync("POST", "/v2/topics/g/endpoints", new { endpoints = new[] { new { url = Sink.Url + "/e" } } });
        await CallAsync("POST", "/v2/publish/g", "x", $"Upstash-Callback: {Sink.Url}/c?k=1");
        await IdleAsync();
        Assert.Equal(Sink.Url + "/e", Verify(Sink.At("/e").Single(), Emulator.DefaultUser.CurrentSigningKey).GetProperty("sub").GetString());
        Assert.Equal(Sink.Url + "/c?k=1", Verify(Sink.At("/c?k=1").Single(), Emulator.DefaultUser.CurrentSigningKey).GetProperty("sub").GetString());
    }

    [Fact, Check(53)]
    public async Task Covers_an_empty_body()
    {
        await PublishAsync();
        await IdleAsync();
        Assert.Equal(
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            Verify(Sink.All.Single(), Emulator.DefaultUser.CurrentSigningKey).GetProperty("body").GetString());
    }

    [Theory, Check(54, 56)]
    [InlineData("/v2/keys/rotate")]
    [InlineData("/v2/rotate")]
    public async Task Follows_a_rotation(string path)
    {
        const string User = "Authorization: Bearer " + TestUser1;
        var before = (await CallAsync("GET", "/v2/keys", null, User)).Json;
        var after = (await CallAsync("POST", path, null, User)).Json;
        Assert.Equal(before.GetProperty("next").GetString(), after.GetProperty("current").GetString());
        Assert.Matches("^sig_[1-9A-HJ-NP-Za-km-z]{28}$", after.GetProperty("next").GetString());
        Assert.NotEqual(before.GetProperty("next").GetString(), after.GetProperty("next").GetString());

        await CallAsync("POST", $"/v2/publish/{Sink.Url}/a", "x", User);
        await IdleAsync();
        Verify(Sink.All.Single(), before.GetProperty("next").GetString()!);
    }

    /// <summary>Verifies a signature without the library that made the token.</summary>
    static JsonElement Verify(Received request, string key)
    {
        var parts = request.Header("Upstash-Signature")!.Split('.');
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(parts[0] + "." + parts[1]));
        Assert.Equal(Base64Url.EncodeToString(expected), parts[2]);
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(request.Body)), claims.GetProperty("body").GetString()!.TrimEnd('='));
        return claims;
    }
}

/// <summary>
/// Contract 6.6: what the emulator signs is, but for the random token id, a token that all verifiers are known to accept. That
/// the client's verifier does, and rejects what is derived from it, is tested with the client.
/// </summary>
public class Signing_like_the_test_vectors : EmulatorTest
{
    readonly VirtualClock _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    readonly Capture _capture = new();

    protected override QStashEmulatorOptions Options() => new() { TimeProvider = _clock, DeliveryHandler = _capture };

    [Theory, Check(55)]
    [InlineData("https://example.com/api/hook?x=1", "{\"hello\":\"world\"}", "jwt_TestVector0000000000000001", "plv1mXdnRpOxEU9EaNOTovx-hU0IEKww8WFP3K8weaY")] // A
    [InlineData("https://example.com/api/hook", "", "jwt_TestVector0000000000000002", "pOQnkUf7CKa9J1bTVbDKELhE6wamZIpqyrwvSnTuPxU")] // D
    [InlineData("https://example.com/api/hook", "Gr\u00fc\u00dfe, \u4e16\u754c", "jwt_TestVector0000000000000003", "MDNM-9cBpO-nGMFAukJxoYNsYN06HAZHYIIL6PExz74")] // E
    public async Task Differs_in_nothing_but_the_token_id(string url, string body, string tokenId, string signature)
    {
        await CallAsync("POST", "/v2/publish/" + url, body);
        await IdleAsync();
        var parts = _capture.Signature!.Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var own = JsonDocument.Parse(payload).RootElement.GetProperty("jti").GetString()!;
        var signed = parts[0] + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload.Replace(own, tokenId, StringComparison.Ordinal)));
        var key = Encoding.UTF8.GetBytes(Emulator.DefaultUser.CurrentSigningKey);
        Assert.Equal(signature, Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed))));
    }

    sealed class Capture : HttpMessageHandler
    {
        public string? Signature { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Signature = request.Headers.GetValues("Upstash-Signature").Single();
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
