using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// A line for each bus at its start, a warning for each risk, and all that it is set to at debug level.
/// </summary>
public sealed class Starting_a_bus
{
    const string Token = "secret-token";

    [Fact]
    public async Task Reports_what_it_is_set_to_and_no_secret()
    {
        var (level, report) = await Start(
            h =>
            {
                Complete(h);
                h.Url(new Uri("https://qstash-us-east-1.upstash.io"));
                h.RegionSigningKeys("EU_CENTRAL_1", "sig_secretEuCurrent", "sig_secretEuNext");
                h.InstanceBaseAddress(new Uri("https://orders-1.example.com"));
                h.MaxBodySize(1_000_000);
                h.Delivery(d => d.Retries = 5);
            },
            cfg =>
            {
                cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
                cfg.ReceiveEndpoint("archive", e => e.Subscribe("everything"));
            });

        Assert.Equal(LogLevel.Information, level);
        Assert.Contains("bus 'default'", report, StringComparison.Ordinal);
        Assert.Contains("address: https://orders.example.com/qstash/", report, StringComparison.Ordinal);
        Assert.Contains("address of this process: https://orders-1.example.com/qstash/", report, StringComparison.Ordinal);
        Assert.Contains("API: https://qstash-us-east-1.upstash.io/, region US_EAST_1", report, StringComparison.Ordinal);
        Assert.Contains("archive, ", report, StringComparison.Ordinal);
        Assert.Contains("orders", report, StringComparison.Ordinal);
        Assert.Contains("URL groups: MassTransit.QStash.Tests.Support.OrderSubmitted, everything", report, StringComparison.Ordinal);
        Assert.Contains("keys: current signing key, next signing key, signing keys of EU_CENTRAL_1, token", report, StringComparison.Ordinal);
        Assert.Contains("limits: bodies of 1000000 bytes, 5 retries", report, StringComparison.Ordinal);
        Assert.Contains("replay guard on: False", report, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", report, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("sig_", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_no_risk_where_there_is_none()
    {
        var (level, report) = await Start(h =>
        {
            Complete(h);
            h.InstanceBaseAddress(new Uri("https://orders-1.example.com"));
            h.Delivery(d => (d.Retries, d.FailureCallback) = (5, new("https://orders.example.com/failed")));
        });

        Assert.Equal(LogLevel.Information, level);
        Assert.Contains("to think of: none", report, StringComparison.Ordinal);
    }

    public static TheoryData<string, LogLevel, Action<IQStashBusFactoryConfigurator>> Risks() => new()
    {
        { "UseEmulator() is on", LogLevel.Warning, cfg => cfg.Host(h => h.UseEmulator()) },
        { "plain http", LogLevel.Warning, cfg => cfg.Host("http://orders.example.com", h => h.UseEmulator()) },
        { "PathPrefix is empty", LogLevel.Warning, cfg => cfg.Host(h => h.PathPrefix("")) },
        { "only in this process", LogLevel.Warning, cfg => cfg.Host(h => h.UseReplayGuard()) },
        { "InstanceBaseAddress", LogLevel.Information, _ => { } },
        { "retries", LogLevel.Information, _ => { } },
        { "FailureCallback", LogLevel.Information, _ => { } },
        { "MaxBodySize is 20000000 bytes", LogLevel.Warning, cfg => cfg.Host(h => h.MaxBodySize(20_000_000)) },
    };

    [Theory]
    [MemberData(nameof(Risks))]
    public async Task Reports_each_risk_and_what_to_do(string text, LogLevel expected, Action<IQStashBusFactoryConfigurator> configure)
    {
        var (level, report) = await Start(Complete, configure);

        Assert.Equal(expected, level);
        Assert.Contains(text, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_more_URL_groups_than_pay_as_you_go_allows()
    {
        var (_, report) = await Start(Complete, cfg => cfg.ReceiveEndpoint("orders", e =>
        {
            for (var i = 0; i <= 100; i++)
                e.Subscribe($"group-{i}");
        }));

        Assert.Contains("the endpoints join 101 URL groups", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_each_bus_by_its_name()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus();
            s.Services.AddMassTransit<ISecondBus>(x => x.UsingQStash((_, cfg) => s.UseCloud(cfg)));
        });

        Assert.Equal(2, orders.Log.StartReports.Count(report => report.Level == LogLevel.Information));
        Assert.Contains(orders.Log.StartReports, report => report.Text.Contains("bus 'default'", StringComparison.Ordinal));
        Assert.Contains(orders.Log.StartReports, report => report.Text.Contains("SecondBus'", StringComparison.Ordinal));
    }

    static void Complete(IQStashHostConfigurator h)
    {
        h.Token(Token);
        h.SigningKeys("sig_secretCurrent", "sig_secretNext");
    }

    static async Task<(LogLevel Level, string Text)> Start(Action<IQStashHostConfigurator> host, Action<IQStashBusFactoryConfigurator>? configure = null)
    {
        using var log = new LogRecorder();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug));
        services.AddDistributedMemoryCache();
        services.AddMassTransit(x => x.UsingQStash((_, cfg) =>
        {
            cfg.Host("https://orders.example.com", host);
            configure?.Invoke(cfg);
        }));
        services.AddHttpClient(QStashClient.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new EmptyAccount());

        await using var provider = services.BuildServiceProvider();
        var bus = provider.GetRequiredService<IBusControl>();
        await bus.StartAsync(Cancellation);
        await bus.StopAsync(Cancellation);

        return (log.StartReports.Max(line => line.Level), string.Join('\n', log.StartReports.Select(line => line.Text)));
    }

    public interface ISecondBus : IBus;

    /// <summary>A QStash in which the bus can start: it has no URL groups, and takes any.</summary>
    sealed class EmptyAccount : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(request.Method == HttpMethod.Get ? "[]" : "{}") });
    }
}
