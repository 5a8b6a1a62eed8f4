using System.Security.Cryptography;

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
        Assert.Throws<ArgumentOutOfRangeException>(() => new QStashSignatureVerifier(Vectors.Keys, null, TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void Takes_a_hash_of_32_bytes_only()
    {
        Assert.Throws<ArgumentException>(() => Verifiers.At(Vectors.IssuedAt).VerifyHash(Vectors.A, new byte[31], Vectors.Url));
    }

    [Fact]
    public void Uses_the_system_clock_by_default()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var token = Jws.Sign(Verifiers.Payload(exp: $"{now + 300}", nbf: $"{now}"));

        Assert.Equal(QStashSignatureResult.Valid, new QStashSignatureVerifier(Vectors.Keys).Verify(token, Vectors.Body, Vectors.Url));
        Assert.Equal(QStashSignatureResult.Expired, new QStashSignatureVerifier(Vectors.Keys).Verify(Vectors.A, Vectors.Body, Vectors.Url));
    }

    // contract 6.5: the header is a hint for the look-up of keys, and nothing proves it.
    [Theory]
    [InlineData("US-EAST-1", "sig_us", QStashSignatureResult.Valid)]
    [InlineData("us_east_1", "sig_us", QStashSignatureResult.Valid)]
    [InlineData("US-EAST-1", Vectors.Current, QStashSignatureResult.InvalidSignature)]
    [InlineData("EU-CENTRAL-1", Vectors.Current, QStashSignatureResult.Valid)]
    [InlineData("EU-CENTRAL-1", "sig_us", QStashSignatureResult.InvalidSignature)]
    [InlineData("MARS-1", Vectors.Next, QStashSignatureResult.Valid)]
    [InlineData("", "sig_us", QStashSignatureResult.InvalidSignature)]
    public void Takes_the_keys_of_the_region_a_delivery_names_and_else_the_default_pair(string region, string signedWith, QStashSignatureResult expected)
    {
        var verifier = Verifiers.WithRegion("us-east-1", new QStashSigningKeyPair("sig_us", "sig_us_next"));

        Assert.Equal(expected, verifier.Verify(Jws.Sign(Vectors.JsonA, key: signedWith), Vectors.Body, Vectors.Url, region));
        Assert.Equal(expected, verifier.VerifyHash(Jws.Sign(Vectors.JsonA, key: signedWith), SHA256.HashData(Vectors.Body), Vectors.Url, region));
    }

    [Fact]
    public void Cannot_be_made_for_a_region_that_does_not_exist()
    {
        Assert.Contains("MARS-1", Assert.Throws<ArgumentException>(() => Verifiers.WithRegion("MARS-1", Vectors.Keys)).Message, StringComparison.Ordinal);
    }

    // Everything a stranger can send, and every sound token.
    [Fact]
    public void Allocates_nothing()
    {
        var verifier = Verifiers.WithRegion("US_EAST_1", Vectors.Keys);
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
                verifier.Verify(token, body, url, "US-EAST-1");
                verifier.VerifyHash(token, hash, url, "us-east-!");
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.Equal((token, 0L), (token, allocated));
        }
    }
}
