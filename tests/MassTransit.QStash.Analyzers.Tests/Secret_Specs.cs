using MassTransit.QStash.Analyzers.Tests.Support;
using MassTransit.QStash.CodeFixes;

namespace MassTransit.QStash.Analyzers.Tests;

public class A_secret_in_source
{
    /// <summary>Base64 of {"UserID":"11111111-2222-…","Password":"…"}, in two parts so that it is none here.</summary>
    const string Token = "eyJVc2VySUQiOiIxMTExMTExMS0yMjIyLTMzMzMtNDQ0NC01NTU1NTU1NTU1" + "NTUiLCJQYXNzd29yZCI6ImEwYjFjMmQzZTRmNWE2YjcifQ==";

    const string Key = "sig_" + "6vGqPz3kHfYwT9mNcR4xLbJ8sDe2";
    const string NextKey = "sig_" + "2bLxR4cNm9TwYfHk3zPqGv6eDs8J";

    [Fact] // V3
    public Task Is_found_where_a_token_is_set_and_moves_to_the_environment() => Verify.StatementsAsync<SecretAnalyzer, SecretCodeFix>(
        $$"""h.Token({|QSTASH001:"{{Token}}"|});""",
        """h.Token(Environment.GetEnvironmentVariable("QSTASH_TOKEN")!);""");

    [Fact] // V3: the real shape, wherever it is
    public Task Is_found_wherever_it_looks_like_a_token() => Verify.StatementsAsync<SecretAnalyzer>($$"""
        const string secret = {|QSTASH001:"{{Token}}"|};
        var header = ("Authorization", {|QSTASH001:"qstash_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9v"|});
        h.Token(secret);
        """);

    [Fact] // V3
    public Task Is_found_where_any_long_constant_is_given_as_the_token() => Verify.StatementsAsync<SecretAnalyzer>("""
        const string secret = "0123456789abcdef0123456789abcdef";
        h.Token({|QSTASH001:secret|});
        var options = new QStashClientOptions { Token = {|QSTASH001:"0123456789abcdef0123456789abcdef"|} };
        new QStashTransportOptions().Token = {|QSTASH001:"0123456789abcdef0123456789abcdef"|};
        """);

    [Fact] // V4
    public Task Is_found_where_signing_keys_are_set_and_moves_to_the_environment() => Verify.StatementsAsync<SecretAnalyzer, SecretCodeFix>(
        $$"""
        h.SigningKeys({|QSTASH002:"{{Key}}"|}, {|QSTASH002:"{{NextKey}}"|});
        var next = {|QSTASH002:"{{NextKey}}"|};
        """,
        """
        h.SigningKeys(Environment.GetEnvironmentVariable("QSTASH_CURRENT_SIGNING_KEY")!, Environment.GetEnvironmentVariable("QSTASH_NEXT_SIGNING_KEY")!);
        var next = Environment.GetEnvironmentVariable("QSTASH_NEXT_SIGNING_KEY")!;
        """);

    [Fact] // V4
    public Task Is_found_where_keys_are_given_in_other_ways() => Verify.StatementsAsync<SecretAnalyzer>($$"""
        var pair = new QStashSigningKeyPair({|QSTASH002:"{{Key}}"|}, a);
        var options = new QStashTransportOptions { CurrentSigningKey = {|QSTASH002:"{{Key}}"|}, NextSigningKey = {|QSTASH002:"0123456789abcdef0123456789abcdef"|} };
        h.RegionSigningKeys("US_EAST_1", a, {|QSTASH002:"{{NextKey}}"|});
        """);

    [Fact]
    public Task May_be_what_the_development_servers_publish() => Verify.StatementsAsync<SecretAnalyzer>("""
        h.Token("eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=");
        h.SigningKeys("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs");
        """);

    [Fact]
    public Task May_be_made_up_or_come_from_elsewhere() => Verify.StatementsAsync<SecretAnalyzer>("""
        h.Token("token");
        h.Token(a);
        h.SigningKeys("sig_current", "sig_next");
        var other = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
        var word = "sig_nificantly_longer_than_a_real_signing_key";
        """);
}
