using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace QStash.Client.Tests;

// contract 6.6
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

    // The 2022 production token's shape: claims in alphabetical order, an empty audience (sharp edge 36)
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

// neighbours B.1, S1
public class A_forged_delivery
{
    [Theory]
    [InlineData("""{"hello": "world"}""")]
    [InlineData("")]
    public void With_another_body_is_refused(string body)
    {
        Assert.Equal(QStashSignatureResult.BodyMismatch, Verifiers.At(Vectors.IssuedAt).Verify(Vectors.A, Encoding.UTF8.GetBytes(body), Vectors.Url));
    }

    [Theory]
    [InlineData("https://example.com/api/hook")]
    [InlineData("https://example.com/api/hook/?x=1")]
    [InlineData("https://example.com/api/hook?x=1&y=2")]
    [InlineData("https://example.com/api/hook?x=2")]
    [InlineData("http://example.com/api/hook?x=1")]
    [InlineData("https://www.example.com/api/hook?x=1")]
    [InlineData("https://example.com:443/api/hook?x=1")]
    [InlineData("https://EXAMPLE.com/api/hook?x=1")]
    [InlineData("")]
    public void To_another_url_is_refused(string url)
    {
        Assert.Equal(QStashSignatureResult.InvalidSubject, Verifiers.At(Vectors.IssuedAt).Verify(Vectors.A, Vectors.Body, url));
    }

    [Fact]
    public void With_an_empty_subject_does_not_match_an_unknown_url()
    {
        Assert.Equal(QStashSignatureResult.InvalidSubject, Verify(Jws.Sign(Verifiers.Payload(sub: "")), ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void Without_a_signature_is_refused(string signature) => Assert.Equal(QStashSignatureResult.Missing, Verify(signature));

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("a.b.c.d")]
    [InlineData("e30.e30.é")]
    [InlineData("e.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAA.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void With_a_malformed_token_is_refused(string token) => Assert.Equal(QStashSignatureResult.Malformed, Verify(token));

    [Fact]
    public void With_whitespace_or_padding_in_the_token_is_refused()
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Vectors.A + "="));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Vectors.A + " "));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Vectors.A.Replace('.', ' ')));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Vectors.A + "," + Vectors.A));
    }

    [Fact]
    public void With_an_oversized_token_is_refused()
    {
        var large = Jws.Sign(Verifiers.Payload(extra: $",\"x\":\"{new string('a', 8000)}\""));

        Assert.Equal(QStashSignatureResult.Malformed, Verify(large));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(new string('a', 10_000_000)));
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"none","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS384","typ":"JWT"}""")]
    [InlineData("""{"alg":"hs256","typ":"JWT"}""")]
    [InlineData("""{"alg":"RS256","typ":"JWT"}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":["HS256"],"typ":"JWT"}""")]
    [InlineData("""{"alg":"HS384","x":"HS256"}""")]
    [InlineData("""{"x":"HS256"}""")]
    public void With_another_algorithm_is_refused(string header)
    {
        Assert.Equal(QStashSignatureResult.UnsupportedAlgorithm, Verify(Jws.Sign(Vectors.JsonA, header)));
    }

    [Fact]
    public void With_no_algorithm_and_no_signature_is_refused()
    {
        Assert.Equal(QStashSignatureResult.UnsupportedAlgorithm, Verify($"{Jws.Encode("""{"alg":"none"}""")}.{Jws.Encode(Vectors.JsonA)}."));
        Assert.Equal(QStashSignatureResult.Malformed, Verify($"{Jws.Encode(Jws.Header)}.{Jws.Encode(Vectors.JsonA)}."));
    }

    [Fact]
    public void Signed_with_a_real_HS384_is_refused()
    {
        var input = $"{Jws.Encode("""{"alg":"HS384","typ":"JWT"}""")}.{Jws.Encode(Vectors.JsonA)}";
        var mac = HMACSHA384.HashData(Encoding.UTF8.GetBytes(Vectors.Current), Encoding.UTF8.GetBytes(input));

        Assert.Equal(QStashSignatureResult.UnsupportedAlgorithm, Verify($"{input}.{Base64Url.EncodeToString(mac)}"));
    }

    // strictness
    [Theory]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","alg":"HS256"}""")]
    [InlineData("""["HS256"]""")]
    [InlineData("""{"alg":"HS256"}{}""")]
    [InlineData("""{"alg":"HS256",}""")]
    public void With_a_doubtful_header_is_refused_even_when_signed(string header)
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Vectors.JsonA, header)));
    }

    [Theory]
    [InlineData("""{"typ":"JWT","alg":"HS256"}""")]
    [InlineData("""{ "alg" : "HS256", "kid" : "1", "nested" : { "alg" : "none" } }""")]
    public void Is_not_suspected_for_an_unusual_but_sound_header(string header)
    {
        Assert.Equal(QStashSignatureResult.Valid, Verify(Jws.Sign(Vectors.JsonA, header)));
    }

    [Fact]
    public void Signed_with_another_key_is_refused()
    {
        Assert.Equal(QStashSignatureResult.InvalidSignature, Verify(Jws.Sign(Vectors.JsonA, key: "sig_another")));
        Assert.Equal(QStashSignatureResult.InvalidSignature, Verify(Jws.Sign(Vectors.JsonA, """{"typ":"JWT","alg":"HS256"}""", "sig_another")));
    }

    [Fact]
    public void With_any_changed_character_is_refused()
    {
        for (var index = 0; index < Vectors.A.Length; index++)
        {
            foreach (var replacement in "AZaz09-_.")
            {
                var token = Vectors.A[..index] + replacement + Vectors.A[(index + 1)..];
                if (token != Vectors.A)
                    Assert.NotEqual(QStashSignatureResult.Valid, Verify(token));
            }
        }
    }

    // 'Y' ends with two zero bits; 'Z', 'a' and 'b' decode to the same bytes in a lenient decoder.
    [Theory]
    [InlineData('Z')]
    [InlineData('a')]
    [InlineData('b')]
    public void With_another_spelling_of_the_signature_is_refused(char last)
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Vectors.A[..^1] + last));
    }

    [Theory]
    [InlineData("upstash")]
    [InlineData("Upstash ")]
    [InlineData("")]
    [InlineData(null)]
    public void Of_another_issuer_is_refused(string? issuer)
    {
        Assert.Equal(QStashSignatureResult.InvalidIssuer, Verify(Jws.Sign(Verifiers.Payload(iss: issuer))));
    }

    [Fact]
    public void Without_a_subject_is_refused() => Assert.Equal(QStashSignatureResult.InvalidSubject, Verify(Jws.Sign(Verifiers.Payload(sub: null))));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYh=")]
    [InlineData("k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg==")]
    [InlineData("93a23971a914e5eacbf0a8d25154cda309c3c1c72fbb9914d47c60f3cb681588")]
    public void Without_the_right_hash_is_refused(string? hash)
    {
        Assert.Equal(QStashSignatureResult.BodyMismatch, Verify(Jws.Sign(Verifiers.Payload(body: hash))));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"1700000300\"")]
    [InlineData("1700000300.0")]
    [InlineData("1.7e9")]
    [InlineData("99999999999999999999")]
    public void Without_whole_numbers_as_times_is_refused(string time)
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(exp: time))));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(nbf: time))));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(extra: $",\"iat\":{time}"))));
    }

    [Fact]
    public void Without_times_is_refused()
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(exp: ""))));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(nbf: ""))));
    }

    [Theory]
    [InlineData("9223372036854775807", "-9223372036854775808", QStashSignatureResult.Valid)]
    [InlineData("-9223372036854775808", "0", QStashSignatureResult.Expired)]
    [InlineData("1700000300", "9223372036854775807", QStashSignatureResult.NotYetValid)]
    public void Cannot_overflow_the_clock(string exp, string nbf, QStashSignatureResult result)
    {
        Assert.Equal(result, Verify(Jws.Sign(Verifiers.Payload(exp: exp, nbf: nbf))));
    }

    [Theory]
    [InlineData(",\"iss\":\"Upstash\"")]
    [InlineData(",\"sub\":\"https://example.com/api/hook?x=1\"")]
    [InlineData(",\"exp\":1700000300")]
    [InlineData(",\"nbf\":1700000000")]
    [InlineData(",\"body\":\"k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=\"")]
    [InlineData(",\"\\u0073ub\":\"https://example.com/api/hook?x=1\"")]
    public void With_a_claim_given_twice_is_refused(string duplicate)
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(extra: duplicate))));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("\"text\"")]
    public void With_a_payload_that_is_no_object_is_refused(string payload)
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(payload)));
    }

    [Theory]
    [InlineData("https:\\/\\/example.com\\/api\\/hook?x=1&y=é", "https://example.com/api/hook?x=1&y=é")]
    [InlineData("https://example.com/?a=1\\u0026b=\\u003cx\\u003E", "https://example.com/?a=1&b=<x>")]
    public void Is_told_apart_from_an_escaped_subject(string escaped, string url)
    {
        Assert.Equal(QStashSignatureResult.Valid, Verify(Jws.Sign(Verifiers.Payload(sub: escaped)), url));
    }

    [Fact]
    public void Is_told_apart_from_a_token_without_an_id() => Assert.Equal(QStashSignatureResult.Valid, Verify(Jws.Sign(Verifiers.Payload())));

    static QStashSignatureResult Verify(string token, string url = Vectors.Url) => Verifiers.At(Vectors.IssuedAt).Verify(token, Vectors.Body, url);
}

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
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            Assert.Equal((token, 0L), (token, allocated));
        }
    }
}
