using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;

namespace QStash.Client.Tests;

public class A_verifier
{
    [Theory]
    [InlineData("", "n", "QSTASH_CURRENT_SIGNING_KEY")]
    [InlineData("c", " ", "QSTASH_NEXT_SIGNING_KEY")]
    [InlineData("c\n", "n", "QSTASH_CURRENT_SIGNING_KEY")]
    public void Cannot_be_made_without_both_keys(string current, string next, string variable)
    {
        Assert.Contains(variable, Assert.Throws<ArgumentException>(() => new QStashSigningKeyPair(current, next)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(301)]
    public void Cannot_be_made_with_a_tolerance_that_undoes_the_expiry(int seconds)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new QStashSignatureVerifier(Vectors.Keys, null, TimeSpan.FromSeconds(seconds)));

        Assert.Contains("from zero to 5 minutes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 299)]
    [InlineData(300, 599)]
    public void Can_be_made_with_a_tolerance_from_zero_to_five_minutes(int seconds, int age)
    {
        var verifier = Verifiers.At(Vectors.IssuedAt + age, seconds);
        Assert.Equal(QStashSignatureResult.Valid, verifier.Verify(Vectors.A, Vectors.Body, Vectors.Url));
    }

    [Fact]
    public void Cannot_be_made_without_keys()
    {
        Assert.Equal("keys", Assert.Throws<ArgumentNullException>(() => new QStashSignatureVerifier(null!)).ParamName);
    }

    [Fact]
    public void Takes_a_hash_of_32_bytes_only()
    {
        var verifier = Verifiers.At(Vectors.IssuedAt);

        Assert.Contains("has 32 bytes", Assert.Throws<ArgumentException>(() => verifier.VerifyHash(Vectors.A, new byte[31], Vectors.Url)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => verifier.VerifyHash("", new byte[31], Vectors.Url));
    }

    [Fact]
    public void Verifies_a_hash_as_it_verifies_a_body()
    {
        var (verifier, hash) = (Verifiers.At(Vectors.IssuedAt), SHA256.HashData(Vectors.Body));

        Assert.Equal(QStashSignatureResult.Valid, verifier.VerifyHash(Vectors.A, hash, Vectors.Url));
        Assert.Equal(QStashSignatureResult.BodyMismatch, verifier.VerifyHash(Vectors.A, SHA256.HashData("other"u8), Vectors.Url));
        Assert.Equal(QStashSignatureResult.InvalidSubject, verifier.VerifyHash(Vectors.A, hash, Vectors.PlainUrl));
        Assert.Equal(QStashSignatureResult.InvalidSignature, verifier.VerifyHash(Jws.Sign(Vectors.JsonA, key: "sig_other"), hash, Vectors.Url));
    }

    [Fact]
    public void Uses_the_system_clock_by_default()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var token = Jws.Sign(Verifiers.Payload(exp: $"{now + 300}", nbf: $"{now}"));

        Assert.Equal(QStashSignatureResult.Valid, new QStashSignatureVerifier(Vectors.Keys).Verify(token, Vectors.Body, Vectors.Url));
        Assert.Equal(QStashSignatureResult.Expired, new QStashSignatureVerifier(Vectors.Keys).Verify(Vectors.A, Vectors.Body, Vectors.Url));
    }

    [Fact]
    public void Refuses_a_token_without_its_body_for_all_that_shows_there()
    {
        Assert.Equal(QStashSignatureResult.Missing, Verifiers.At(Vectors.IssuedAt).VerifyToken("", Vectors.Url, out _));
        Assert.Equal(QStashSignatureResult.InvalidSignature, Verifiers.At(Vectors.IssuedAt).VerifyToken(Jws.Sign(Vectors.JsonA, key: "sig_other"), Vectors.Url, out _));
        Assert.Equal(QStashSignatureResult.InvalidSubject, Verifiers.At(Vectors.IssuedAt).VerifyToken(Vectors.A, Vectors.PlainUrl, out _));
        Assert.Equal(QStashSignatureResult.Expired, Verifiers.At(Vectors.IssuedAt + 300).VerifyToken(Vectors.A, Vectors.Url, out _));
        Assert.Equal(QStashSignatureResult.Valid, Verifiers.At(Vectors.IssuedAt).VerifyToken(Vectors.A, Vectors.Url, out _));
    }

    [Fact]
    public void Accepts_with_a_token_only_the_body_it_was_made_for()
    {
        var verifier = Verifiers.At(Vectors.IssuedAt);
        verifier.VerifyToken(Vectors.A, Vectors.Url, out var token);

        Assert.Equal(QStashSignatureResult.Valid, verifier.VerifyBody(token, SHA256.HashData(Vectors.Body)));
        Assert.Equal(QStashSignatureResult.BodyMismatch, verifier.VerifyBody(token, SHA256.HashData("other"u8)));
        Assert.Throws<ArgumentException>(() => verifier.VerifyBody(token, new byte[31]));
    }

    [Fact]
    public void Accepts_no_body_with_a_token_that_was_refused()
    {
        var verifier = Verifiers.At(Vectors.IssuedAt);
        verifier.VerifyToken(Vectors.A, Vectors.PlainUrl, out var token);

        Assert.NotEqual(QStashSignatureResult.Valid, verifier.VerifyBody(token, SHA256.HashData(Vectors.Body)));
    }

    [Fact]
    public void Refuses_a_body_that_took_longer_than_its_token_lives()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Vectors.IssuedAt + 299));
        var verifier = new QStashSignatureVerifier(Vectors.Keys, clock, TimeSpan.Zero);
        Assert.Equal(QStashSignatureResult.Valid, verifier.VerifyToken(Vectors.A, Vectors.Url, out var token));

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(QStashSignatureResult.Expired, verifier.VerifyBody(token, SHA256.HashData(Vectors.Body)));
    }

    [Fact]
    public void Tells_one_token_from_all_others_if_asked()
    {
        var expiry = DateTimeOffset.FromUnixTimeSeconds(Vectors.IssuedAt + 300);

        Verifiers.At(Vectors.IssuedAt).VerifyToken(Vectors.A, Vectors.Url, out var token, keepsId: true);
        Assert.Equal(new QStashTokenIdentity("jwt_TestVector0000000000000001", expiry), token.Identity);

        Verifiers.At(Vectors.IssuedAt).VerifyToken(Vectors.A, Vectors.Url, out token);
        Assert.Equal(new QStashTokenIdentity(null, expiry), token.Identity);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"jti\":null")]
    [InlineData(",\"jti\":[\"jwt_1\"]")]
    [InlineData(",\"jti\":\"\\ud800\"")]
    public void Knows_tokens_without_an_id(string claim)
    {
        Assert.Equal(QStashSignatureResult.Valid, Verifiers.At(Vectors.IssuedAt).VerifyToken(Jws.Sign(Verifiers.Payload(extra: claim)), Vectors.Url, out var token, keepsId: true));
        Assert.Null(token.Identity.Id);
    }

    // Everything a stranger can send, and every sound token.
    [Fact]
    public void Allocates_nothing()
    {
        var verifier = Verifiers.At(Vectors.IssuedAt);
        var body = Vectors.Body;
        var hash = SHA256.HashData(body);
        (string Token, string Url)[] deliveries =
        [
            (Vectors.A, Vectors.Url), (Vectors.B, Vectors.Url), (Vectors.F, Vectors.Url), (Vectors.A, Vectors.PlainUrl), (Vectors.D, Vectors.PlainUrl),
            ("", Vectors.Url), ("garbage", Vectors.Url), (new string('a', 100_000), Vectors.Url),
            (Jws.Sign(Vectors.JsonA, key: "sig_other"), Vectors.Url), (Jws.Sign("{broken", key: "sig_other"), Vectors.Url),
            (Jws.Sign(Vectors.JsonA, "{\"alg\":\"HS256\",broken}", "sig_other"), Vectors.Url),
            (Jws.Sign(Vectors.JsonA, """{"alg":"none"}"""), Vectors.Url), (Jws.Sign(Vectors.JsonA, """{"typ":"JWT","alg":"HS256"}"""), Vectors.Url),
            (Jws.Sign(Verifiers.Payload(iss: "x")), Vectors.Url), (Jws.Sign(Verifiers.Payload(exp: "1")), Vectors.Url), (Jws.Sign(Verifiers.Payload(exp: "1.5")), Vectors.Url),
            (Jws.Sign(Verifiers.Payload(nbf: "1800000000")), Vectors.Url), (Jws.Sign(Verifiers.Payload(sub: "https:\\/\\/example.com")), "https://example.com"),
            (Jws.Sign(Verifiers.Payload(extra: $",\"x\":[\"{new string('é', 2500)}\"]")), Vectors.Url)
        ];

        foreach (var (token, url) in deliveries)
        {
            long allocated = 0;

            // The first round may fill caches.
            for (var round = 0; round < 20; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                verifier.Verify(token, body, url);
                verifier.VerifyHash(token, hash, url);
                verifier.VerifyToken(token, url, out var verified);
                verifier.VerifyBody(verified, hash);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.Equal((token, 0L), (token, allocated));
        }
    }
}
