using System.Text;
using QStash.Client;
using QStash.Emulator.Node.Tests.Support;

namespace QStash.Emulator.Node.Tests;

public class Verifying_a_token_that_javascript_made(JavaScript javaScript)
{
    const string Url = "https://example.com/api/hook?x=1";
    const string Body = "{\"hello\":\"wörld\"}";

    /// <summary>Tokens as the tests of the SDK make them. A claim given as <c>null</c> is left out.</summary>
    const string Sign = """
        const hash = async text => jose.base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
        const pad = text => text + '='.repeat((4 - text.length % 4) % 4);
        const claims = {
          iss: 'Upstash', sub: given.url, iat: given.now, nbf: given.now, exp: given.now + 300, jti: 'jwt_' + crypto.randomUUID(), body: pad(await hash(given.body)), ...given.claims,
        };
        for (const name of Object.keys(claims)) if (claims[name] === null) delete claims[name];
        """;

    const string WithJose = Sign + "return await new jose.SignJWT(claims).setProtectedHeader({ alg: given.alg ?? 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(given.key));";

    const string WithCrypto = Sign + """
        const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url');
        const input = encode({ alg: 'HS256', typ: 'JWT' }) + '.' + encode(claims);
        return input + '.' + crypto.createHmac('sha256', given.key).update(input).digest('base64url');
        """;

    static readonly VirtualClock Clock = new();
    static readonly QStashSignatureVerifier Verifier = new(new("sig_current", "sig_next"), Clock);

    [Theory] // 55
    [InlineData(WithJose, "sig_current")]
    [InlineData(WithJose, "sig_next")]
    [InlineData(WithCrypto, "sig_current")]
    [InlineData(WithCrypto, "sig_next")]
    public async Task Accepts_it_with_either_key(string script, string key)
    {
        var token = await SignAsync(script, new { key });
        Assert.Equal(QStashSignatureResult.Valid, Check(token));
        Assert.Equal(QStashSignatureResult.BodyMismatch, Check(token, body: Body + " "));
        Assert.Equal(QStashSignatureResult.InvalidSubject, Check(token, url: "https://example.com/api/hook"));
    }

    [Theory]
    [InlineData("{\"nbf\":0}", QStashSignatureResult.Valid)] // QStash writes 0 since 2024
    [InlineData("{\"aud\":\"\"}", QStashSignatureResult.Valid)] // Once QStash wrote an empty one
    [InlineData("{\"iss\":\"upstash\"}", QStashSignatureResult.InvalidIssuer)]
    [InlineData("{\"exp\":1}", QStashSignatureResult.Expired)]
    [InlineData("{\"nbf\":4000000000}", QStashSignatureResult.NotYetValid)]
    [InlineData("{\"body\":null}", QStashSignatureResult.BodyMismatch)]
    public async Task Judges_its_claims(string claims, QStashSignatureResult expected) =>
        Assert.Equal(expected, Check(await SignAsync(WithJose, new { key = "sig_current", claims = System.Text.Json.JsonDocument.Parse(claims).RootElement })));

    [Theory]
    [InlineData("{\"key\":\"sig_other\"}", QStashSignatureResult.InvalidSignature)]
    [InlineData("{\"key\":\"sig_current\",\"alg\":\"HS512\"}", QStashSignatureResult.UnsupportedAlgorithm)]
    public async Task Refuses_other_keys_and_algorithms(string how, QStashSignatureResult expected) =>
        Assert.Equal(expected, Check(await SignAsync(WithJose, System.Text.Json.JsonDocument.Parse(how).RootElement)));

    [Fact]
    public async Task Refuses_one_that_is_not_signed() => Assert.Equal(
        QStashSignatureResult.UnsupportedAlgorithm,
        Check(await SignAsync(Sign + "return new jose.UnsecuredJWT(claims).encode() ", new { key = "sig_current" })));

    async Task<string> SignAsync(string script, object how)
    {
        var given = System.Text.Json.JsonSerializer.SerializeToNode(how)!.AsObject();
        (given["url"], given["body"], given["now"]) = (Url, Body, Clock.GetUtcNow().ToUnixTimeSeconds());
        return (await javaScript.Require().RunAsync(script, new { given }, Cancellation)).GetString()!;
    }

    static QStashSignatureResult Check(string token, string body = Body, string url = Url) => Verifier.Verify(token, Encoding.UTF8.GetBytes(body), url);
}
