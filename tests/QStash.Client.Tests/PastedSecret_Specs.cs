using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

#pragma warning disable QSTASH001, QSTASH002 // The secrets are made up.

namespace QStash.Client.Tests;

/// <summary>A secret that was pasted with something around it, or in the wrong place, fails early (V3).</summary>
public class A_secret_that_was_pasted_wrongly
{
    const string Token = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=";
    const string Key = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";

    public static TheoryData<string, string> Wrappings => new()
    {
        { "\"{0}\"", "quotes" },
        { "'{0}'", "quotes" },
        { "\u201C{0}\u201D", "quotes" },
        { "{0}\"", "quotes" },
        { "`{0}`", "quotes" },
        { "QSTASH_TOKEN={0}", "'='" },
        { "QSTASH_TOKEN=\"{0}\"", "'='" },
        { "QSTASH_CURRENT_SIGNING_KEY={0}", "'='" },
        { "export QSTASH_TOKEN={0}", "export" },
        { "Bearer {0}", "Bearer" },
        { "bearer  {0}", "Bearer" },
        { "{0} {0}", "blanks" },
        { "{0}\n{0}", "line break" },
        { "sig\r\n{0}", "line break" },
        { "{0},", "characters" },
        { "QSTASH_TOKEN:{0}", "characters" },
        { "{0}\u200B", "invisible" },
    };

    public static TheoryData<string> Placeholders =>
        ["<your-token>", "YOUR_TOKEN", "your-signing-key", "${QSTASH_TOKEN}", "$QSTASH_TOKEN", "%QSTASH_TOKEN%", "{{ token }}", "xxxxxxxx", "sig_xxxxxxxx", "sig_...", "sig_…", "***", "changeme", "TODO", "null", "undefined", "QSTASH_CURRENT_SIGNING_KEY", "paste-token-here", "\"changeme\""];

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void Is_no_token_with_something_around_it(string wrapping, string problem) => AssertRefused(TokenError(Wrap(wrapping, Token)), problem, Token);

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void Is_no_signing_key_with_something_around_it(string wrapping, string problem)
    {
        AssertRefused(CurrentKeyError(Wrap(wrapping, Key)), problem, Key);
        AssertRefused(NextKeyError(Wrap(wrapping, Key)), problem, Key);
    }

    [Theory]
    [MemberData(nameof(Placeholders))]
    public void Is_a_placeholder(string text)
    {
        Assert.Contains("placeholder", TokenError(text), StringComparison.Ordinal);
        Assert.Contains("placeholder", CurrentKeyError(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_in_the_place_of_another()
    {
        AssertRefused(TokenError(Key), "is a signing key", Key);
        AssertRefused(CurrentKeyError(Token), "is a token", Token);
        AssertRefused(NextKeyError("qstash_abcdefghijklmnopqrstuvwxyz"), "is a token", "qstash_abc");
    }

    [Theory]
    [InlineData(Token)]
    [InlineData("eyJVc2VySUQiOiJ0ZXN0In0+/=")]
    [InlineData("qstash_abcdefghijklmnopqrstuvwxyz")]
    [InlineData("secret-token")]
    public void Is_not_suspected_where_it_may_be_a_token(string token) => Assert.Null(QStashSecret.FindTokenProblem(token));

    [Theory]
    [InlineData(Key)]
    [InlineData("sig_5NoELc3EFnZn4DVS5bDs2Nk4b7Ua5NoELc3EFnZn4DVS5bDs2Nk4b7Ua")]
    [InlineData("a-key-of-another-server")]
    public void Is_not_suspected_where_it_may_be_a_key(string key) => Assert.Null(QStashSecret.FindSigningKeyProblem(key));

    [Fact]
    public void Is_found_in_the_variable_too()
    {
        var error = Assert.Throws<OptionsValidationException>(() => new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["QSTASH_TOKEN"] = $"'{Token}'" }).Build())
            .AddQStashClient()
            .BuildServiceProvider()
            .GetRequiredService<IQStashClient>()).Message;

        AssertRefused(error, "QSTASH_TOKEN", Token);
    }

    static string Wrap(string wrapping, string secret) => wrapping.Replace("{0}", secret, StringComparison.Ordinal);

    static string TokenError(string token) =>
        Assert.Throws<ArgumentException>(() => new QStashClient(new HttpClient(), new QStashClientOptions { Token = token })).Message;

    static string CurrentKeyError(string key) => KeyError(() => new QStashSigningKeyPair(key, "sig_next"), "QSTASH_CURRENT_SIGNING_KEY");

    static string NextKeyError(string key) => KeyError(() => new QStashSigningKeyPair("sig_current", key), "QSTASH_NEXT_SIGNING_KEY");

    static string KeyError(Func<QStashSigningKeyPair> create, string variable)
    {
        var message = Assert.Throws<ArgumentException>(create).Message;
        Assert.Contains(variable, message, StringComparison.Ordinal);

        return message;
    }

    static void AssertRefused(string message, string problem, string secret)
    {
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, message, StringComparison.Ordinal);
    }
}
