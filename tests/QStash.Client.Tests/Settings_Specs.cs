using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace QStash.Client.Tests;

// The process environment is shared by all tests, so these run alone.
[CollectionDefinition(DisableParallelization = true)]
public class The_process_environment;

[Collection<The_process_environment>]
public sealed class Settings : IDisposable
{
    static readonly string[] Variables = ["QSTASH_URL", "QSTASH_TOKEN", "QSTASH_CURRENT_SIGNING_KEY", "QSTASH_NEXT_SIGNING_KEY", "QSTASH_REGION", "QSTASH_DEV"];

    readonly Dictionary<string, string?> _original = Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);

    public Settings()
    {
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, null);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _original)
            Environment.SetEnvironmentVariable(name, value);
    }

    [Fact]
    public void Come_from_the_environment_when_there_is_nothing_else()
    {
        Environment.SetEnvironmentVariable("QSTASH_URL", "https://env.example");
        Environment.SetEnvironmentVariable("QSTASH_TOKEN", "env-token");
        Environment.SetEnvironmentVariable("QSTASH_CURRENT_SIGNING_KEY", "env-current");
        Environment.SetEnvironmentVariable("QSTASH_NEXT_SIGNING_KEY", "env-next");

        var settings = QStashSettings.Resolve(null);

        Assert.Equal(new Uri("https://env.example"), settings.Url);
        Assert.Equal("env-token", settings.Token);
        Assert.Equal("env-current", settings.CurrentSigningKey);
        Assert.Equal("env-next", settings.NextSigningKey);
    }

    [Fact]
    public void Prefer_the_section_over_root_keys_over_the_environment()
    {
        Environment.SetEnvironmentVariable("QSTASH_TOKEN", "env-token");
        Environment.SetEnvironmentVariable("QSTASH_CURRENT_SIGNING_KEY", "env-current");
        Environment.SetEnvironmentVariable("QSTASH_NEXT_SIGNING_KEY", "env-next");

        var settings = QStashSettings.Resolve(Configuration(
            ("QStash:Token", "section-token"), ("QSTASH_TOKEN", "root-token"),
            ("QStash:CurrentSigningKey", " "), ("QSTASH_CURRENT_SIGNING_KEY", "root-current")));

        Assert.Equal("section-token", settings.Token);
        Assert.Equal("root-current", settings.CurrentSigningKey);
        Assert.Equal("env-next", settings.NextSigningKey);
        Assert.Null(settings.Url);
    }

    [Fact]
    public void Name_both_places_of_a_malformed_url()
    {
        var exception = Assert.Throws<ArgumentException>(() => QStashSettings.Resolve(Configuration(("QStash:Url", "localhost:8080"))));

        Assert.Contains("QStash:Url", exception.Message, StringComparison.Ordinal);
        Assert.Contains("QSTASH_URL", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "n", "QSTASH_CURRENT_SIGNING_KEY")]
    [InlineData("c", null, "QSTASH_NEXT_SIGNING_KEY")]
    public void Name_the_variable_of_a_missing_signing_key(string? current, string? next, string variable)
    {
        var settings = new QStashSettings { CurrentSigningKey = current, NextSigningKey = next };

        Assert.Contains(variable, Assert.Throws<ArgumentException>(settings.GetSigningKeys).Message, StringComparison.Ordinal);
    }

    // docs/qstash-contract.md#environment-variables
    [Theory]
    [InlineData("US_EAST_1")]
    [InlineData("us-east-1")]
    public void Of_the_chosen_region_come_before_those_without_region(string region)
    {
        var settings = QStashSettings.Resolve(Configuration(
            ("QSTASH_REGION", region), ("QSTASH_URL", "https://eu.example"), ("QSTASH_TOKEN", "eu-token"),
            ("US_EAST_1_QSTASH_URL", "https://us.example"), ("US_EAST_1_QSTASH_TOKEN", "us-token")));

        Assert.Equal("US_EAST_1", settings.Region);
        Assert.Equal(new Uri("https://us.example"), settings.Url);
        Assert.Equal("us-token", settings.Token);
    }

    [Fact]
    public void Of_a_region_are_not_read_unless_one_is_chosen()
    {
        var settings = QStashSettings.Resolve(Configuration(
            ("QSTASH_TOKEN", "eu-token"), ("US_EAST_1_QSTASH_TOKEN", "us-token"),
            ("US_EAST_1_QSTASH_CURRENT_SIGNING_KEY", "us-current"), ("US_EAST_1_QSTASH_NEXT_SIGNING_KEY", "us-next")));

        Assert.Equal("eu-token", settings.Token);
        Assert.Empty(settings.RegionSigningKeys);
    }

    [Fact]
    public void Of_a_region_that_has_only_keys_leave_url_and_token_alone()
    {
        var settings = QStashSettings.Resolve(Configuration(
            ("QSTASH_REGION", "US_EAST_1"), ("QSTASH_URL", "https://eu.example"), ("QSTASH_TOKEN", "eu-token"),
            ("US_EAST_1_QSTASH_CURRENT_SIGNING_KEY", "us-current"), ("US_EAST_1_QSTASH_NEXT_SIGNING_KEY", "us-next")));

        Assert.Equal(new Uri("https://eu.example"), settings.Url);
        Assert.Equal("eu-token", settings.Token);
        // No default pair, so the chosen region's stands in.
        Assert.Equal("us-current", settings.CurrentSigningKey);
        Assert.Equal("us-next", settings.NextSigningKey);
    }

    [Fact]
    public void Give_the_keys_of_both_regions_beside_the_default_pair()
    {
        var settings = QStashSettings.Resolve(Configuration(
            ("QSTASH_REGION", "EU_CENTRAL_1"), ("EU_CENTRAL_1_QSTASH_TOKEN", "eu-token"),
            ("QSTASH_CURRENT_SIGNING_KEY", "current"), ("QSTASH_NEXT_SIGNING_KEY", "next"),
            ("EU_CENTRAL_1_QSTASH_CURRENT_SIGNING_KEY", "eu-current"), ("EU_CENTRAL_1_QSTASH_NEXT_SIGNING_KEY", "eu-next"),
            ("QStash:Regions:US_EAST_1:CurrentSigningKey", "us-current"), ("QStash:Regions:US_EAST_1:NextSigningKey", "us-next")));

        Assert.Equal(new Uri("https://qstash-eu-central-1.upstash.io"), settings.Url);
        Assert.Equal("current", settings.CurrentSigningKey);
        Assert.Equal("eu-next", settings.RegionSigningKeys["EU_CENTRAL_1"].Next);
        Assert.Equal("us-current", settings.RegionSigningKeys["US_EAST_1"].Current);
    }

    [Fact]
    public void Set_together_in_the_section_come_before_the_chosen_region()
    {
        var settings = QStashSettings.Resolve(Configuration(
            ("QStash:Url", "https://section.example"), ("QStash:Token", "section-token"),
            ("QSTASH_REGION", "US_EAST_1"), ("US_EAST_1_QSTASH_TOKEN", "us-token")));

        Assert.Equal(new Uri("https://section.example"), settings.Url);
        Assert.Equal("section-token", settings.Token);
    }

    [Theory]
    [InlineData("QSTASH_REGION", "MARS_1", "QSTASH_REGION")]
    [InlineData("US_EAST_1_QSTASH_URL", "https://us.example", "US_EAST_1_QSTASH_TOKEN")]
    [InlineData("US_EAST_1_QSTASH_CURRENT_SIGNING_KEY", "us-current", "US_EAST_1_QSTASH_NEXT_SIGNING_KEY")]
    public void Of_a_region_that_are_wrong_or_only_half_are_refused(string variable, string value, string named)
    {
        var exception = Assert.Throws<ArgumentException>(() => QStashSettings.Resolve(Configuration(
            ("QSTASH_REGION", variable == "QSTASH_REGION" ? value : "US_EAST_1"), ("QSTASH_TOKEN", "eu-token"), (variable, value))));

        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    // docs/qstash-contract.md#verification
    [Theory]
    [InlineData("US-EAST-1", true)]
    [InlineData("us_east_1", true)]
    [InlineData("US-EAST-2", false)]
    [InlineData("", false)]
    public void Of_a_region_belong_to_deliveries_that_name_it(string header, bool matches)
    {
        Assert.Equal(matches, QStashRegion.Matches(QStashRegion.UsEast1, header));
    }

    // docs/qstash-contract.md#development-server
    [Fact]
    public void Ignore_the_development_switch()
    {
        Environment.SetEnvironmentVariable("QSTASH_DEV", "true");

        var settings = QStashSettings.Resolve(Configuration(("QSTASH_DEV", "true")));

        Assert.Null(settings.Url);
        Assert.Null(settings.Token);
        Assert.Throws<ArgumentException>(settings.GetSigningKeys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Set_in_code_win_whatever_the_order_of_registration(bool codeFirst)
    {
        var services = new ServiceCollection().AddSingleton(Configuration(("QStash:Token", "section-token"), ("QStash:Url", "https://section.example")));
        if (codeFirst)
            services.Configure<QStashClientOptions>(options => options.Token = "code-token").AddQStashClient();
        else
            services.AddQStashClient().AddQStashClient(options => options.Token = "code-token");

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<QStashClientOptions>>().Value;

        Assert.Equal("code-token", options.Token);
        Assert.Equal(new Uri("https://section.example"), options.Url);
    }

    [Fact]
    public void Default_to_the_eu_region() => Assert.Equal("https://qstash.upstash.io/", new QStashClientOptions().Url.AbsoluteUri);

    [Theory]
    [InlineData("QStash:Token", "", "Token is missing")]
    [InlineData("QStash:Token", "a b", "Token contains blanks")]
    public async Task Stop_the_start_of_the_host_when_they_are_wrong(string key, string value, string reason)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new(key, value)]);
        builder.Services.AddQStashClient();
        using var host = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains("QSTASH_TOKEN", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaxRetries")]
    [InlineData("AttemptTimeout")]
    [InlineData("MaxRateLimitWait")]
    public void Out_of_range_are_refused_by_name(string name)
    {
        var options = new QStashClientOptions { Token = "t" };
        _ = name switch
        {
            "MaxRetries" => (object)(options.MaxRetries = -1),
            "AttemptTimeout" => options.AttemptTimeout = TimeSpan.Zero,
            _ => options.MaxRateLimitWait = TimeSpan.FromSeconds(-1)
        };
        using var http = new HttpClient();

        Assert.StartsWith(name, Assert.Throws<ArgumentException>(() => new QStashClient(http, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_the_http_client_once()
    {
        var services = new ServiceCollection();
        services.AddQStashHttpClient();
        services.AddQStashHttpClient();
        services.AddQStashClient();
        using var provider = services.BuildServiceProvider();

        var actions = provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(QStashClient.HttpClientName);

        Assert.Single(actions.HttpClientActions);
        Assert.Equal(Once().HttpMessageHandlerBuilderActions.Count, actions.HttpMessageHandlerBuilderActions.Count);
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(QStashClient.HttpClientName);
        Assert.Equal(Timeout.InfiniteTimeSpan, http.Timeout);

        static HttpClientFactoryOptions Once()
        {
            var services = new ServiceCollection();
            services.AddQStashHttpClient();
            using var provider = services.BuildServiceProvider();
            return provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(QStashClient.HttpClientName);
        }
    }

    static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
}

public class A_secret
{
    [Fact]
    public void Does_not_show_in_texts()
    {
        object[] holders =
        [
            new QStashClientOptions { Token = "s3cret" },
            new QStashSettings { Token = "s3cret", CurrentSigningKey = "s3cret", NextSigningKey = "s3cret", RegionSigningKeys = new Dictionary<string, QStashSigningKeys> { ["US_EAST_1"] = new() { Current = "s3cret", Next = "s3cret" } } },
            new QStashSigningKeyPair("s3cret", "s3cret"),
            new QStashSigningKeys { Current = "s3cret", Next = "s3cret" },
            new QStashSignatureVerifier(new QStashSigningKeyPair("s3cret", "s3cret"))
        ];

        Assert.All(holders, holder => Assert.DoesNotContain("s3cret", holder.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Does_not_reach_a_log()
    {
        var log = new RecordingLogger();
        await using var qstash = await ScriptedQStash.StartAsync(new Reply(503), Reply.Ok("""{"messageId":"msg_1"}"""));
        var clock = new ManualClock();
        var services = new ServiceCollection();
        services.AddQStashHttpClient().AddDefaultLogger();
        await using var provider = services
            .AddSingleton<TimeProvider>(clock)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).Services.AddSingleton<ILoggerProvider>(log))
            .AddQStashClient(options => { options.Url = qstash.Url; options.Token = "s3cret-token"; options.AttemptTimeout = ManualClock.AttemptTimeout; })
            .BuildServiceProvider();

        var task = provider.GetRequiredService<IQStashClient>().PublishAsync(new QStashMessage
        {
            Destination = "https://example.com/?key=s3cret-query",
            Body = "s3cret-body"u8.ToArray(),
            DeduplicationId = "a",
            ForwardHeaders = { ["Authorization"] = "s3cret-header" }
        }, Cancellation);
        await clock.PassNextWaitAsync();
        await task;

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains("s3cret", StringComparison.Ordinal));
    }
}
