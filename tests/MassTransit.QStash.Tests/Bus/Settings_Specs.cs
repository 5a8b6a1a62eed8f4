using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using MassTransit.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A setting has one home, whichever way it is set: the options of the bus.
/// </summary>
public class Each_setting_of_a_bus
{
    // The properties that set one thing, what sets them in the configuration, and what sets them in code.
    static readonly (string[] Properties, (string Key, string Value)[] Section, Action<IQStashBusFactoryConfigurator> Code)[] Ways =
    [
        (["BaseAddress"], [("BaseAddress", "https://orders.example.com")], cfg => cfg.Host("https://orders.example.com")),
        (["Url"], [("Url", "https://qstash-us-east-1.upstash.io")], cfg => cfg.Host(h => h.Url(QStashRegion.GetUrl(QStashRegion.UsEast1)))),
        (["Token"], [("Token", "secret-2")], cfg => cfg.Host(h => h.Token("secret-2"))),
        (["CurrentSigningKey", "NextSigningKey"], [("CurrentSigningKey", "sig_secret3"), ("NextSigningKey", "sig_secret4")],
            cfg => cfg.Host(h => h.SigningKeys("sig_secret3", "sig_secret4"))),
        (["RegionSigningKeys"], [("Regions:US_EAST_1:CurrentSigningKey", "sig_secret5"), ("Regions:US_EAST_1:NextSigningKey", "sig_secret6")],
            cfg => cfg.Host(h => h.RegionSigningKeys("us-east-1", "sig_secret5", "sig_secret6"))),
        (["RegionSigningKeys"], [("RegionSigningKeys:us-east-1:Current", "sig_secret5"), ("RegionSigningKeys:us-east-1:Next", "sig_secret6")],
            cfg => cfg.Host(h => h.RegionSigningKeys(QStashRegion.UsEast1, "sig_secret5", "sig_secret6"))),
        (["InstanceBaseAddress"], [("InstanceBaseAddress", "https://orders-1.example.com")],
            cfg => cfg.Host(h => h.InstanceBaseAddress(new Uri("https://orders-1.example.com")))),
        (["HasReplicas"], [("HasReplicas", "true")], cfg => cfg.Host(h => h.HasReplicas())),
        (["PathPrefix"], [("PathPrefix", "hooks")], cfg => cfg.Host(h => h.PathPrefix("hooks"))),
        (["MaxBodySize"], [("MaxBodySize", "1000")], cfg => cfg.Host(h => h.MaxBodySize(1000))),
        (["UseReplayGuard"], [("UseReplayGuard", "true")], cfg => cfg.Host(h => h.UseReplayGuard())),
        (["ServiceName"], [("ServiceName", "orders")], cfg => cfg.Host(h => h.ServiceName("orders"))),
        (["DeployTopology"], [("DeployTopology", "false")], cfg => cfg.Host(h => h.DeployTopology(false))),
        (["Directory", "DirectoryCacheDuration"], [("Directory", "all"), ("DirectoryCacheDuration", "00:00:10")],
            cfg => cfg.Host(h => h.UseDirectory("all", TimeSpan.FromSeconds(10)))),
        (["MaxDelay"], [("MaxDelay", "7.00:00:00")], cfg => cfg.Host(h => h.MaxDelay(TimeSpan.FromDays(7)))),
        (["Routes"], [("Routes:charge-card", "https://billing.example.com/qstash/charge-card")],
            cfg => cfg.Host(h => h.Route("charge-card", new Uri("https://billing.example.com/qstash/charge-card")))),
        (["Delivery"], [("Delivery:Retries", "7"), ("Delivery:Labels:0", "orders")],
            cfg => cfg.Host(h => h.Delivery(d =>
            {
                d.Retries = 7;
                d.Labels.Add("orders");
            }))),
        (["ClockTolerance"], [("ClockTolerance", "00:00:30")], cfg => cfg.Host(h => h.ClockTolerance(TimeSpan.FromSeconds(30)))),
        (["MaxRateLimitWait"], [("MaxRateLimitWait", "00:10:00")], cfg => cfg.Host(h => h.MaxRateLimitWait(TimeSpan.FromMinutes(10)))),
        (["CoalesceSends"], [("CoalesceSends", "false")], cfg => cfg.Host(h => h.CoalesceSends(false))),
        (["UseEmulator", "Url", "Token", "CurrentSigningKey", "NextSigningKey"], [("UseEmulator", "true")], cfg => cfg.Host(h => h.UseEmulator())),
    ];

    public static TheoryData<int> All { get; } = [.. Enumerable.Range(0, Ways.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void Comes_to_the_same_from_the_configuration_and_from_code(int index)
    {
        var (properties, section, code) = Ways[index];

        var unset = Show(Build([], _ => { }), properties);
        var configured = Show(Build(section, _ => { }), properties);

        Assert.NotEqual(unset, configured);
        Assert.Equal(configured, Show(Build([], code), properties));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Is_taken_from_code_where_both_say_it(int index)
    {
        var (properties, _, code) = Ways[index];
        (string, string)[] other =
        [
            ("BaseAddress", "https://other.example.com"), ("Url", "https://other.example.com"), ("Token", "other"), ("CurrentSigningKey", "sig_other1"), ("NextSigningKey", "sig_other2"),
            ("Regions:US_EAST_1:CurrentSigningKey", "sig_other3"), ("Regions:US_EAST_1:NextSigningKey", "sig_other4"), ("InstanceBaseAddress", "https://other-1.example.com"),
            ("HasReplicas", "false"), ("PathPrefix", "other"), ("MaxBodySize", "1"), ("UseReplayGuard", "false"), ("ServiceName", "other"), ("DeployTopology", "true"),
            ("Directory", "other"), ("DirectoryCacheDuration", "00:00:01"), ("MaxDelay", "00:00:01"), ("Routes:charge-card", "https://other.example.com/charge-card"),
            ("Delivery:Retries", "1"), ("ClockTolerance", "00:00:01"), ("MaxRateLimitWait", "00:00:01"), ("CoalesceSends", "true"), ("UseEmulator", "false"),
        ];

        Assert.Equal(Show(Build([], code), properties), Show(Build(other, code), properties));
    }

    [Fact]
    public void Is_one_of_these()
    {
        var properties = typeof(QStashTransportOptions).GetProperties().Select(property => property.Name);
        Assert.Equal(properties.Order(StringComparer.Ordinal), Ways.SelectMany(way => way.Properties).Distinct().Order(StringComparer.Ordinal));

        // A property beside each method: by its name, or as one of several that it sets.
        string[] sets = ["SigningKeys", "UseDirectory", "Route"];
        var methods = typeof(IQStashHostConfigurator).GetMethods().Select(method => method.Name).Distinct();
        Assert.All(methods, method => Assert.True(sets.Contains(method) || properties.Contains(method), method));
    }

    [Fact]
    public async Task Keeps_the_directory_for_as_long_as_the_configuration_says()
    {
        var calls = new ApiCalls();
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.InterceptApi(calls.Handler);
            s.Configuration.AddInMemoryCollection([new("QStash:Directory", "all"), new("QStash:DirectoryCacheDuration", "0")]);
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
        });

        await orders.Publish(new OrderSubmitted("1"));
        var reads = calls.All.Count(call => call == "GET /v2/topics/all");
        await orders.Publish(new OrderSubmitted("2"));

        Assert.True(calls.All.Count(call => call == "GET /v2/topics/all") > reads);
    }

    [Fact]
    public void Refuses_the_emulator_that_a_setting_left_behind_asks_for()
    {
        var exception = Assert.Throws<ConfigurationException>(() => Build([("UseEmulator", "true")], _ => { }, "Production"));

        Assert.Contains("QStash:UseEmulator", exception.Message, StringComparison.Ordinal);
        Assert.Contains("h.UseEmulator()", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Delay")]
    [InlineData("Method")]
    [InlineData("Retires")]
    public void Of_deliveries_is_refused_where_a_bus_does_not_have_it(string name)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Build([($"Delivery:{name}", "1")], _ => { }));

        Assert.Contains($"QStash:Delivery:{name}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_an_object_alone_that_several_buses_may_share()
    {
        var shared = new QStashDeliverySettings { Retries = 1 };

        var options = Build([], cfg => cfg.Host(h => h.Delivery(d => d.Labels.Add("orders"))), configure: options => options.Delivery = shared);

        Assert.Equal((1, "orders"), (options.Delivery!.Retries, Assert.Single(options.Delivery.Labels)));
        Assert.Empty(shared.Labels);
    }

    static string Show(QStashTransportOptions options, string[] properties) => string.Join('\n', properties
        .Select(name => typeof(QStashTransportOptions).GetProperty(name)!.GetValue(options))
        .Select(value => JsonSerializer.Serialize(value)));

    // The instance that the bus was built with.
    static QStashTransportOptions Build((string Key, string Value)[] section, Action<IQStashBusFactoryConfigurator> code, string environment = "Development",
        Action<QStashTransportOptions>? configure = null)
    {
        Dictionary<string, string?> values = new()
        {
            ["QSTASH_TOKEN"] = "secret",
            ["QSTASH_CURRENT_SIGNING_KEY"] = "sig_secret1",
            ["QSTASH_NEXT_SIGNING_KEY"] = "sig_secret2",
            ["QStash:BaseAddress"] = "https://service.example.com",
        };
        foreach (var (key, value) in section)
            values[$"QStash:{key}"] = value;

        QStashTransportOptions? built = null;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddDistributedMemoryCache();
        builder.Services.AddMassTransit(x => x.UsingQStash((_, cfg) => code(cfg)));
        builder.Services.Configure<QStashTransportOptions>(options => configure?.Invoke(options));
        builder.Services.PostConfigure<QStashTransportOptions>(options => built = options);

        using var host = builder.Build();
        host.Services.GetRequiredService<IBusInstance>();

        return built!;
    }
}
