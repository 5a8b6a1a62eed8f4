using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace QStash.Client.Tests;

// S1
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
    [InlineData(".e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
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
    [InlineData(8192, QStashSignatureResult.Valid)]
    [InlineData(8193, QStashSignatureResult.Malformed)]
    public void Is_told_apart_from_the_largest_sound_token(int length, QStashSignatureResult result)
    {
        var bytes = (length - Jws.Sign("").Length) * 3 / 4;
        var token = Jws.Sign(Verifiers.Payload(extra: ",\"x\":\"\"").Replace("\"\"", $"\"{new string('a', bytes - Verifiers.Payload(extra: ",\"x\":\"\"").Length)}\"", StringComparison.Ordinal));

        Assert.Equal((length, result), (token.Length, Verify(token)));
    }

    // For a JSON parser it is the same name, and the last one counts.
    [Theory]
    [InlineData("""
        ,"\u0073ub":"https://other.example.com"
        """, QStashSignatureResult.InvalidSubject)]
    [InlineData("""
        ,"is\u0073":"Other"
        """, QStashSignatureResult.InvalidIssuer)]
    [InlineData("""
        ,"\u0065\u0078\u0070":1
        """, QStashSignatureResult.Expired)]
    [InlineData("""
        ,"\u0062ody":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        """, QStashSignatureResult.BodyMismatch)]
    [InlineData("""
        ,"\u0078":"Other"
        """, QStashSignatureResult.Valid)]
    public void With_a_claim_under_an_escaped_name_is_judged_by_it(string extra, QStashSignatureResult result)
    {
        Assert.Equal(result, Verify(Jws.Sign(Verifiers.Payload(extra: extra))));
    }

    // A decoder reads what comes before the spoiled end.
    [Theory]
    [InlineData("A", "")]
    [InlineData("", "A")]
    public void With_a_segment_that_is_no_base64_is_refused_even_when_signed(string afterHeader, string afterPayload)
    {
        var (header, payload) = (Jws.Encode("""{"alg":"HS256", "typ":"JWT"}  """), Jws.Encode(Verifiers.Payload(extra: ",\"x\":\"aaa\"")));
        Assert.Equal((0, 0), (header.Length % 4, payload.Length % 4));
        Assert.Equal(QStashSignatureResult.Valid, Verify(Jws.SignEncoded($"{header}.{payload}")));

        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.SignEncoded($"{header}{afterHeader}.{payload}{afterPayload}")));
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"none","typ":"JWT"}""")]
    [InlineData("""{"alg":"HS384","typ":"JWT"}""")]
    [InlineData("""{"alg":"hs256","typ":"JWT"}""")]
    [InlineData("""{"alg":"RS256","typ":"JWT"}""")]
    [InlineData("""{"typ":"JWT"}""")]
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
    [InlineData("""["HS256"]""")]
    [InlineData("""{"alg":"HS256"} x""")]
    [InlineData("""x {"alg":"HS256"}""")]
    [InlineData(" ")]
    public void With_a_header_that_is_no_object_is_refused_even_when_signed(string header)
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Vectors.JsonA, header)));
    }

    [Theory]
    [InlineData("""{"typ":"JWT","alg":"HS256"}""")]
    [InlineData("""{ "alg" : "HS256", "kid" : "1", "nested" : { "alg" : "none" } }""")]
    [InlineData(" {\"alg\":\"HS256\"}\r\n\t")]
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
    }

    [Fact]
    public void Without_times_is_refused()
    {
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(exp: ""))));
        Assert.Equal(QStashSignatureResult.Malformed, Verify(Jws.Sign(Verifiers.Payload(nbf: ""))));
    }

    [Theory]
    [InlineData("9223372036854775807", "-9223372036854775808", QStashSignatureResult.LifetimeTooLong)]
    [InlineData("1700000300", "-9223372036854775808", QStashSignatureResult.Valid)]
    [InlineData("-9223372036854775808", "0", QStashSignatureResult.Expired)]
    [InlineData("1700000300", "9223372036854775807", QStashSignatureResult.NotYetValid)]
    public void Cannot_overflow_the_clock(string exp, string nbf, QStashSignatureResult result)
    {
        Assert.Equal(result, Verify(Jws.Sign(Verifiers.Payload(exp: exp, nbf: nbf))));
    }

    // Only QStash could make these, so they need no defence, and must not fail.
    [Theory]
    [InlineData(",\"iat\":null")]
    [InlineData(",\"iat\":1.5")]
    [InlineData(",\"iat\":99999999999999999999")]
    [InlineData(",\"iat\":1700000000,\"iat\":1700000000")]
    [InlineData(",\"jti\":\"jwt_1\",\"jti\":\"jwt_1\"")]
    [InlineData(",\"sub\":\"https://example.com/api/hook?x=1\"")]
    public void Is_told_apart_from_a_token_with_unusual_claims(string claims)
    {
        Assert.Equal(QStashSignatureResult.Valid, Verify(Jws.Sign(Verifiers.Payload(extra: claims))));
    }

    // The claims within are not those of the token, and what comes after is read all the same.
    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("""["Upstash","https://example.com/api/hook?x=1","k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg="]""")]
    [InlineData("{}")]
    [InlineData("""{"iss":"Upstash","sub":"https://example.com/api/hook?x=1","body":"k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg="}""")]
    public void With_a_claim_that_is_no_text_is_refused(string value)
    {
        Assert.Equal(QStashSignatureResult.InvalidIssuer, Verify(Sign("iss")));
        Assert.Equal(QStashSignatureResult.InvalidSubject, Verify(Sign("sub")));
        Assert.Equal(QStashSignatureResult.BodyMismatch, Verify(Sign("body")));
        // The id decides nothing, and neither do claims that nobody knows.
        Assert.Equal(QStashSignatureResult.Valid, Verify(Jws.Sign("{" + $"\"jti\":{value}," + Verifiers.Payload()[1..])));
        var others = $"\"other\":{value},\"other\":{value},";
        Assert.Equal(QStashSignatureResult.Valid, Verify(Jws.Sign("{" + others + Verifiers.Payload()[1..])));

        string Sign(string claim) => Jws.Sign(
            Regex.Replace(Verifiers.Payload(), $"\"{claim}\":(\"[^\"]*\"|[0-9]+)", $"\"{claim}\":{value}"));
    }

    // QStash gives 5 minutes; with nbf = 0 a clock that lags behind sees more.
    [Theory]
    [InlineData("1700003600", QStashSignatureResult.Valid)]
    [InlineData("1700003601", QStashSignatureResult.LifetimeTooLong)]
    [InlineData("1731536000", QStashSignatureResult.LifetimeTooLong)]
    public void That_stays_valid_for_more_than_an_hour_is_refused(string exp, QStashSignatureResult result)
    {
        Assert.Equal(result, Verify(Jws.Sign(Verifiers.Payload(exp: exp))));
    }

    [Theory]
    [InlineData("1700003605", QStashSignatureResult.Valid)]
    [InlineData("1700003606", QStashSignatureResult.LifetimeTooLong)]
    public void That_stays_valid_for_more_than_an_hour_by_a_clock_that_may_lag_is_refused(string exp, QStashSignatureResult result)
    {
        Assert.Equal(result, Verifiers.At(Vectors.IssuedAt, tolerance: 5).Verify(Jws.Sign(Verifiers.Payload(exp: exp)), Vectors.Body, Vectors.Url));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("[" + Vectors.JsonA + "]")]
    [InlineData(Vectors.JsonA + " 1")]
    [InlineData(Vectors.JsonA + "}")]
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
