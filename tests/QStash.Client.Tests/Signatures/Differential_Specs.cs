using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace QStash.Client.Tests;

// The reference is Microsoft's JWT handler with HS256 pinned, plus the comparison of subject and body that QStash adds.
public class The_verifier_next_to_a_general_jwt_library
{
    const int Seed = 20_261_124;
    const int Tokens = 30_000;

    static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };
    static readonly TokenValidationParameters Parameters = new()
    {
        ValidIssuer = "Upstash",
        ValidateAudience = false,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        IssuerSigningKeys = [Key(Vectors.Current), Key(Vectors.Next)],
        ClockSkew = TimeSpan.FromSeconds(5)
    };

    [Fact]
    public async Task Accepts_nothing_else_and_refuses_more_only_where_documented()
    {
        TestContext.Current.SendDiagnosticMessage("Differential test: seed {0}, {1} tokens", Seed, Tokens);
        var random = new Random(Seed);
        var verifier = new QStashSignatureVerifier(Vectors.Keys, new FakeTimeProvider(Now), TimeSpan.FromSeconds(5));
        int accepted = 0, refused = 0, stricter = 0, otherHeader = 0;

        for (var index = 0; index < Tokens; index++)
        {
            var delivery = Delivery.Create(random, Now.ToUnixTimeSeconds());
            var ours = verifier.Verify(delivery.Token, delivery.Body, delivery.Url) == QStashSignatureResult.Valid;
            var theirs = await ReferenceAsync(delivery);
            if (ours == theirs)
                _ = ours ? accepted++ : refused++;
            else if (ours && IsSigned(delivery) && await ReferenceAsync(delivery with { Token = WithUsualHeader(delivery.Token) }))
                otherHeader++;
            else if (theirs && Strictness.Applies(delivery.Token, Now))
                stricter++;
            else
                Assert.Fail($"Seed {Seed}, token {index}: verifier {ours}, reference {theirs}: {delivery}");
        }

        // Otherwise the comparison would prove nothing.
        Assert.InRange(accepted, Tokens / 10, Tokens);
        Assert.InRange(refused, Tokens / 10, Tokens);
        Assert.InRange(stricter, 1, Tokens / 4);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {accepted} accepted by both, {refused} refused by both, {stricter} refused by the verifier only, as documented; {otherHeader} with a header that the verifier does not read");
    }

    static bool IsSigned(Delivery delivery)
    {
        var input = delivery.Token[..delivery.Token.LastIndexOf('.')];
        return Jws.SignEncoded(input, Vectors.Current) == delivery.Token || Jws.SignEncoded(input, Vectors.Next) == delivery.Token;
    }

    static string WithUsualHeader(string token) => Jws.SignEncoded($"{Jws.Encode(Jws.Header)}.{token.Split('.')[1]}");

    static SymmetricSecurityKey Key(string key) => new(Encoding.UTF8.GetBytes(key));

    static async Task<bool> ReferenceAsync(Delivery delivery)
    {
        TokenValidationResult result;
        try
        {
            result = await Handler.ValidateTokenAsync(delivery.Token, Parameters);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }

        return result.IsValid &&
            result.SecurityToken is JsonWebToken token &&
            token.TryGetPayloadValue("sub", out string subject) && subject == delivery.Url &&
            token.TryGetPayloadValue("body", out string hash) && hash.TrimEnd('=') == Base64Url.EncodeToString(SHA256.HashData(delivery.Body));
    }
}
