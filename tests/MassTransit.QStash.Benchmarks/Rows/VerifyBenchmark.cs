using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using MassTransit.QStash.Benchmarks.Load;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using QStash.Client;

namespace MassTransit.QStash.Benchmarks.Rows;

/// <summary>
/// The verifier beside a general JWT library that is set up to check the same.
/// </summary>
public class VerifyBenchmark
{
    const string CurrentKey = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
    const string NextKey = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs";
    const string Url = "https://orders.example.com/qstash/submit-order";

    readonly byte[] _body = RandomNumberGenerator.GetBytes(1024);
    readonly JsonWebTokenHandler _handler = new();
    readonly QStashSignatureVerifier _verifier = new(new QStashSigningKeyPair(CurrentKey, NextKey));

    readonly TokenValidationParameters _parameters = new()
    {
        ValidIssuer = "Upstash",
        ValidateAudience = false,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        IssuerSigningKeys = [new SymmetricSecurityKey(Encoding.UTF8.GetBytes(CurrentKey)), new SymmetricSecurityKey(Encoding.UTF8.GetBytes(NextKey))],
    };

    string _token = "";

    [GlobalSetup]
    public void Setup()
    {
        _token = SignedRequest.Sign(CurrentKey, Url, _body);

        if (!Verifier() || !JsonWebTokens().GetAwaiter().GetResult())
            throw new InvalidOperationException("Both must accept the token.");
    }

    [Benchmark]
    public bool Verifier() => _verifier.Verify(_token, _body, Url) == QStashSignatureResult.Valid;

    [Benchmark(Baseline = true)]
    public async Task<bool> JsonWebTokens()
    {
        var result = await _handler.ValidateTokenAsync(_token, _parameters).ConfigureAwait(false);
        var token = (JsonWebToken)result.SecurityToken;

        return result.IsValid
            && token.Subject == Url
            && token.GetPayloadValue<string>("body").TrimEnd('=') == Base64UrlEncoder.Encode(SHA256.HashData(_body));
    }
}
