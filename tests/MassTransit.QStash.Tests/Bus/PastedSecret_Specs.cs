using MassTransit.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable QSTASH001, QSTASH002 // The secrets are made up.

namespace MassTransit.QStash.Tests;

/// <summary>
/// A bus with secrets that cannot be any would refuse everything, so it does not start (AP2, V2, V3).
/// </summary>
public class A_bus_with_pasted_secrets
{
    const string Token = "eyJVc2VySUQiOiIxMjM0IiwiUGFzc3dvcmQiOiI1Njc4In0=";
    const string Current = "sig_4mVTv6uNQuqpVqJ2Qvng4Xu9kVfE";
    const string Next = "sig_9hNNkBJZ1QwXyq3ThG7cTQmVdLkR";

    public static TheoryData<string> Wrappings => ["\"{0}\"", "'{0}'", "export X={0}", "QSTASH_TOKEN={0}", "Bearer {0}", "{0} # from the console", "{0}\n{0}", "<{0}>"];

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void Names_the_setting_and_not_the_secret(string wrapping)
    {
        AssertRefused("QStash:Token", ("QSTASH_TOKEN", Wrap(wrapping, Token)));
        AssertRefused("QStash:CurrentSigningKey", ("QSTASH_CURRENT_SIGNING_KEY", Wrap(wrapping, Current)));
        AssertRefused("QStash:NextSigningKey", ("QStash:NextSigningKey", Wrap(wrapping, Next)));
        AssertRefused("QStash:Regions:US_EAST_1", ("QStash:Regions:US_EAST_1:CurrentSigningKey", Wrap(wrapping, Current)), ("QStash:Regions:US_EAST_1:NextSigningKey", Next));
    }

    [Fact]
    public void Recognises_token_and_key_that_were_swapped()
    {
        AssertRefused("is a signing key", ("QSTASH_TOKEN", Current));
        AssertRefused("is a token", ("QSTASH_CURRENT_SIGNING_KEY", Token));
    }

    [Fact]
    public void Recognises_them_in_code_too()
    {
        var message = Assert.Throws<ConfigurationException>(() => Build([], h => h.Token($"{Token}\n"))).Message;

        Assert.Contains("QStash:Token", message, StringComparison.Ordinal);
        Assert.Contains("line break", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_what_is_right() => Build([]);

    static string Wrap(string wrapping, string secret) => wrapping.Replace("{0}", secret, StringComparison.Ordinal);

    static void AssertRefused(string text, params (string Key, string Value)[] settings)
    {
        var message = Assert.Throws<ConfigurationException>(() => Build(settings)).Message;

        Assert.Contains(text, message, StringComparison.Ordinal);
        Assert.All((string[])[Token, Current, Next], secret => Assert.DoesNotContain(secret, message, StringComparison.Ordinal));
    }

    static void Build((string Key, string Value)[] settings, Action<IQStashHostConfigurator>? configure = null)
    {
        var values = new Dictionary<string, string?>
        {
            ["QSTASH_TOKEN"] = Token,
            ["QSTASH_CURRENT_SIGNING_KEY"] = Current,
            ["QSTASH_NEXT_SIGNING_KEY"] = Next,
        };
        foreach (var (key, value) in settings)
            values[key] = value;

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddMassTransit(x => x.UsingQStash((_, cfg) => cfg.Host("https://orders.example.com", configure)));

        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IBusInstance>();
    }
}
