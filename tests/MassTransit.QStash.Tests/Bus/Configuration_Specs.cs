using System.Text.Json;
using MassTransit.QStash.Tests.Support;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A bus that cannot work does not start, and the error names the setting and the fix (AP2, S5, V2, V5, V6).
/// </summary>
public class Configuring_a_bus
{
    const string Address = "https://orders.example.com";
    const string Token = "secret-token";
    const string Current = "sig_secretCurrent";
    const string Next = "sig_secretNext";

    static void Complete(IQStashHostConfigurator h)
    {
        h.Token(Token);
        h.SigningKeys(Current, Next);
    }

    [Fact]
    public void Works_with_token_keys_and_a_public_address()
    {
        var instance = Build(Complete);

        Assert.Equal(new Uri("https://orders.example.com/qstash/"), instance.HostConfiguration.HostAddress);
    }

    [Fact]
    public void Lists_everything_that_is_missing_at_once()
    {
        var message = Failure(_ => { }, address: null);

        Assert.Contains("QStash:Token", message, StringComparison.Ordinal);
        Assert.Contains("QSTASH_TOKEN", message, StringComparison.Ordinal);
        Assert.Contains("QStash:CurrentSigningKey", message, StringComparison.Ordinal);
        Assert.Contains("QSTASH_CURRENT_SIGNING_KEY", message, StringComparison.Ordinal);
        Assert.Contains("QStash:NextSigningKey", message, StringComparison.Ordinal);
        Assert.Contains("QSTASH_NEXT_SIGNING_KEY", message, StringComparison.Ordinal);
        Assert.Contains("QStash:BaseAddress", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "absolute")]
    [InlineData("http://orders.example.com", "https")]
    [InlineData("https://localhost:5001", "internet")]
    [InlineData("https://127.0.0.1", "internet")]
    [InlineData("https://10.1.2.3", "internet")]
    [InlineData("https://172.20.0.1", "internet")]
    [InlineData("https://192.168.0.10", "internet")]
    [InlineData("https://169.254.1.1", "internet")]
    [InlineData("https://[::1]", "internet")]
    [InlineData("https://[fd00::1]", "internet")]
    [InlineData("https://[::ffff:10.0.0.1]", "internet")]
    [InlineData("https://orders", "internet")]
    [InlineData("https://orders.local", "internet")]
    [InlineData("https://orders.svc.cluster.internal", "internet")]
    [InlineData("https://orders.example.com?x=1", "query")]
    [InlineData("https://me:secret@orders.example.com", "user")]
    [InlineData("https://bücher.example.com", "xn--bcher-kva.example.com")]
    [InlineData("http://me:secret@orders.example.com", "https")]
    public void Refuses_an_address_that_QStash_cannot_reach_safely(string address, string reason)
    {
        var message = Failure(Complete, address: address);

        Assert.Contains("QStash:BaseAddress", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Accepts_any_address_with_the_emulator()
    {
        var instance = Build(h => h.UseEmulator(), address: "http://localhost:5001/orders");

        Assert.Equal(new Uri("http://localhost:5001/orders/qstash/"), instance.HostConfiguration.HostAddress);
    }

    [Fact]
    public void Refuses_the_public_keys_of_the_development_server_outside_the_emulator()
    {
        var message = Failure(h =>
        {
            Complete(h);
            h.SigningKeys(Current, "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs");
        });

        Assert.Contains("public", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_two_signing_keys_that_are_the_same()
    {
        var message = Failure(h =>
        {
            Complete(h);
            h.SigningKeys(Current, Current);
            h.RegionSigningKeys("US_EAST_1", Next, Next);
        });

        Assert.Contains("the next signing key is the same as the current one", message, StringComparison.Ordinal);
        Assert.Contains("QStash:Regions:US_EAST_1", message, StringComparison.Ordinal);
        Assert.DoesNotContain("ecret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_public_address_as_the_emulator()
    {
        var message = Failure(h => h.UseEmulator(new Uri("https://qstash.upstash.io")));

        Assert.Contains("UseEmulator", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_options_that_code_configured_before()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.Configure<QStashTransportOptions>(options =>
        {
            options.Token = Token;
            options.CurrentSigningKey = Current;
            options.NextSigningKey = Next;
            options.BaseAddress = new Uri("https://orders.example.com");
        });
        services.AddMassTransit(x => x.UsingQStash());

        Assert.Equal(new Uri("https://orders.example.com/qstash/"), services.BuildServiceProvider().GetRequiredService<IBusInstance>().HostConfiguration.HostAddress);
    }

    [Fact]
    public void Refuses_an_api_address_without_https()
    {
        var message = Failure(h =>
        {
            Complete(h);
            h.Url(new Uri("http://qstash.example.com"));
        });

        Assert.Contains("QStash:Url", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_route_to_a_private_address()
    {
        var message = Failure(h =>
        {
            Complete(h);
#pragma warning disable QSTASH003 // What is tested: the analyzer and the transport agree.
            h.Route("charge-card", new Uri("https://billing/qstash/charge-card"));
#pragma warning restore QSTASH003
        });

        Assert.Contains("QStash:Routes:charge-card", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("order service")]
    [InlineData("orders/new")]
    public void Refuses_a_service_name_that_cannot_mark_its_members_of_url_groups(string name)
    {
        var message = Failure(h =>
        {
            Complete(h);
            h.ServiceName(name);
        });

        Assert.Contains("QStash:ServiceName", message, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_to_deploy_nothing_but_a_topology_that_is_not_deployed()
    {
        var exception = Assert.Throws<ConfigurationException>(() => Build(h =>
        {
            Complete(h);
            h.DeployTopology(false);
        }, cfg => cfg.DeployTopologyOnly = true));

        Assert.Contains("QStash:DeployTopology", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders/new")]
    [InlineData("order queue")]
    [InlineData("..")]
    public void Refuses_an_endpoint_name_that_does_not_fit_into_a_url(string name)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Build(Complete, cfg => cfg.ReceiveEndpoint(name, _ => { })));

        Assert.Contains($"'{name}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_endpoint_name_that_is_too_long()
    {
        var exception = Assert.Throws<ConfigurationException>(() => Build(Complete, cfg => cfg.ReceiveEndpoint(new string('x', 256), _ => { })));

        Assert.Contains("256 characters", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(Build(Complete, cfg => cfg.ReceiveEndpoint(new string('x', 255), _ => { })));
    }

    [Theory]
    [InlineData("my directory", null)]
    [InlineData("masstransit", -1)]
    public void Refuses_a_directory_that_cannot_work(string urlGroup, int? cacheSeconds)
    {
        var message = Failure(h =>
        {
            Complete(h);
            h.UseDirectory(urlGroup, cacheSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        });

        Assert.Contains("Directory", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_entity_name_that_cannot_name_a_url_group()
    {
        var exception = Assert.ThrowsAny<Exception>(() => Build(Complete, cfg =>
        {
            cfg.Message<OrderSubmitted>(m => m.SetEntityName("order/submitted"));
            cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
        }));

        Assert.Contains("'order/submitted'", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_the_section_QStash_then_the_official_variables_and_code_before_both()
    {
        var configuration = new Dictionary<string, string?>
        {
            ["QStash:BaseAddress"] = "https://from-section.example.com",
            ["QStash:PathPrefix"] = "/hooks/qstash/",
            ["QStash:Token"] = Token,
            ["QSTASH_TOKEN"] = "not a token\n",
            ["QSTASH_CURRENT_SIGNING_KEY"] = Current,
            ["QSTASH_NEXT_SIGNING_KEY"] = Next,
        };

        Assert.Equal(new Uri("https://from-section.example.com/hooks/qstash/"), Build(_ => { }, configuration: configuration, address: null).HostConfiguration.HostAddress);
        Assert.Equal(new Uri("https://from-code.example.com/hooks/qstash/"),
            Build(_ => { }, configuration: configuration, address: "https://from-code.example.com").HostConfiguration.HostAddress);
    }

    [Fact]
    public void Takes_the_addresses_of_other_services_and_the_replay_guard_from_the_section()
    {
        var configuration = new Dictionary<string, string?>
        {
            ["QStash:Routes:charge-card"] = "https://billing/qstash/charge-card",
            ["QStash:Routes:send-invoice"] = "https://invoices/qstash/send-invoice",
            ["QStash:UseReplayGuard"] = "true",
        };

        // Names without a domain are refused, which tells that they were read; the code comes first.
        var message = Failure(h =>
        {
            Complete(h);
            h.Route("send-invoice", new Uri("https://invoices.example.com/qstash/send-invoice"));
        }, configuration);

        Assert.Contains("QStash:Routes:charge-card", message, StringComparison.Ordinal);
        Assert.DoesNotContain("send-invoice", message, StringComparison.Ordinal);
        Assert.Contains("distributed cache", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_no_secret_in_the_probe()
    {
        var bus = Build(Complete, cfg => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask))).BusControl;

        var probe = JsonSerializer.Serialize(bus.GetProbeResult(Cancellation), SystemTextJsonMessageSerializer.Options);

        Assert.Contains("https://orders.example.com/qstash/orders", probe, StringComparison.Ordinal);
        Assert.DoesNotContain("ecret", probe, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_nothing_without_a_bus_on_QStash()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapQStash());

        Assert.Contains("UsingQStash", exception.Message, StringComparison.Ordinal);
    }

    static string Failure(Action<IQStashHostConfigurator> host, Dictionary<string, string?>? configuration = null, string? address = Address) =>
        Assert.Throws<ConfigurationException>(() => Build(host, configuration: configuration, address: address)).Message;

    static IBusInstance Build(Action<IQStashHostConfigurator> host, Action<IQStashBusFactoryConfigurator>? configure = null,
        Dictionary<string, string?>? configuration = null, string? address = Address)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration ?? []).Build());
        services.AddMassTransit(x => x.UsingQStash((_, cfg) =>
        {
            if (address is null)
                cfg.Host(host);
            else
                cfg.Host(address, host);

            configure?.Invoke(cfg);
        }));

        return services.BuildServiceProvider().GetRequiredService<IBusInstance>();
    }
}
