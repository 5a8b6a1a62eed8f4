using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace QStash.Client.Tests;

// docs/qstash-contract.md#verification
public class The_published_vectors
{
    public static TheoryData<string, string, byte[], string> Valid => new()
    {
        { nameof(Vectors.A), Vectors.A, Vectors.Body, Vectors.Url },
        { nameof(Vectors.B), Vectors.B, Vectors.Body, Vectors.Url },
        { nameof(Vectors.C), Vectors.C, Vectors.Body, Vectors.Url },
        { nameof(Vectors.D), Vectors.D, [], Vectors.PlainUrl },
        { nameof(Vectors.E), Vectors.E, Encoding.UTF8.GetBytes("Grüße, 世界"), Vectors.PlainUrl },
        { nameof(Vectors.F), Vectors.F, Vectors.Body, Vectors.Url }
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Are_valid(string name, string token, byte[] body, string url)
    {
        Assert.NotEmpty(name);
        foreach (var time in (long[])[1_700_000_000, 1_700_000_299])
        {
            var verifier = Verifiers.At(time);

            Assert.Equal(QStashSignatureResult.Valid, verifier.Verify(token, body, url));
            Assert.Equal(QStashSignatureResult.Valid, verifier.VerifyHash(token, SHA256.HashData(body), url));
        }
    }

    [Fact]
    public void Of_hashes_match()
    {
        (byte[] Body, string Claim)[] hashes =
        [
            (Vectors.Body, "k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg="),
            ([], "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="),
            (Convert.FromHexString("00fffe2062696e617279"), "LcG4IR-NtIQ9J5Nv_jZqm3-busidDOJ5E1W3F6wbD00="),
            ("Hello World"u8.ToArray(), "pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=")
        ];

        Assert.All(hashes, hash => Assert.Equal(
            QStashSignatureResult.Valid,
            Verifiers.At(Vectors.IssuedAt).Verify(Jws.Sign(Verifiers.Payload(body: hash.Claim)), hash.Body, Vectors.Url)));
    }

    // The 2022 production token's shape: claims in alphabetical order, an empty audience
    [Fact]
    public void Of_production_are_valid_in_shape()
    {
        var token = Jws.Sign("""{"aud":"","body":"pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=","exp":1657530756,"iat":1657530456,"iss":"Upstash","jti":"jwt_x","nbf":1657530456,"sub":"https://example.com"}""");

        Assert.Equal(QStashSignatureResult.Valid, Verifiers.At(1_657_530_456).Verify(token, "Hello World"u8, "https://example.com"));
        Assert.Equal(QStashSignatureResult.Expired, Verifiers.At(1_657_530_756).Verify(token, "Hello World"u8, "https://example.com"));
    }

    [Theory]
    [InlineData(1_700_000_300, 0, QStashSignatureResult.Expired)]
    [InlineData(1_700_000_304, 5, QStashSignatureResult.Valid)]
    [InlineData(1_700_000_305, 5, QStashSignatureResult.Expired)]
    [InlineData(1_699_999_999, 0, QStashSignatureResult.NotYetValid)]
    [InlineData(1_699_999_995, 5, QStashSignatureResult.Valid)]
    [InlineData(1_699_999_994, 5, QStashSignatureResult.NotYetValid)]
    public void Are_valid_within_their_time_only(long time, int tolerance, QStashSignatureResult result)
    {
        Assert.Equal(result, Verifiers.At(time, tolerance).Verify(Vectors.A, Vectors.Body, Vectors.Url));
    }

    [Fact]
    public void Without_a_begin_are_valid_before_their_issue()
    {
        Assert.Equal(QStashSignatureResult.Valid, Verifiers.At(1_699_999_999).Verify(Vectors.C, Vectors.Body, Vectors.Url));
    }

    [Fact]
    public void Expire_within_a_fraction_of_a_second()
    {
        var verifier = new QStashSignatureVerifier(Vectors.Keys, new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_299_999)), TimeSpan.Zero);

        Assert.Equal(QStashSignatureResult.Valid, verifier.Verify(Vectors.A, Vectors.Body, Vectors.Url));
    }
}
