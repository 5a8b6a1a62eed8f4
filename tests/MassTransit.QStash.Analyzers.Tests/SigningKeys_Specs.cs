using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests;

public class Signing_keys // V2
{
    [Fact]
    public Task Must_be_two() => Verify.StatementsAsync<SigningKeysAnalyzer>("""
        h.SigningKeys(a, {|QSTASH006:a|});
        h.SigningKeys(Environment.GetEnvironmentVariable("QSTASH_CURRENT_SIGNING_KEY")!, {|QSTASH006:Environment.GetEnvironmentVariable("QSTASH_CURRENT_SIGNING_KEY")|}!);
        h.RegionSigningKeys("US_EAST_1", a, {|QSTASH006:a|});
        var pair = new QStashSigningKeyPair(a, {|QSTASH006:""|});
        var none = new QStashSigningKeyPair({|QSTASH006:null|}!, b);
        """);

    [Fact]
    public Task Must_both_be_in_the_options() => Verify.StatementsAsync<SigningKeysAnalyzer>("""
        var options = new QStashTransportOptions { {|QSTASH006:CurrentSigningKey = a|} };
        Action<QStashTransportOptions> configure = o => {|QSTASH006:o.NextSigningKey = a|};
        """);

    [Fact]
    public Task May_be_given_in_any_way() => Verify.StatementsAsync<SigningKeysAnalyzer>("""
        h.SigningKeys(a, b);
        h.SigningKeys("sig_made_up", "sig_made_up");
        var pair = new QStashSigningKeyPair(a, b);
        var options = new QStashTransportOptions { CurrentSigningKey = a, NextSigningKey = b };
        Action<QStashTransportOptions> configure = o =>
        {
            o.CurrentSigningKey = a;
            o.NextSigningKey = b;
        };
        """);
}
