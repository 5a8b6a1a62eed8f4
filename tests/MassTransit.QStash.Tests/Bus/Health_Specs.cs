using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MassTransit.QStash.Tests;

public class The_health_of_QStash
{
    [Fact]
    public async Task Is_good_when_the_token_is_accepted_and_the_keys_are_its_own()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", Checked());

        var report = await Check(orders);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        // That of the bus comes from MassTransit.
        Assert.Equal(["masstransit-bus", "qstash"], report.Entries.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Is_bad_when_the_token_is_refused()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", Checked(h => h.Token("another")));

        var entry = (await Check(orders)).Entries["qstash"];

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("token", entry.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("another", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_bad_when_deliveries_would_be_refused_for_other_keys()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", Checked(h => h.SigningKeys("sig_secret1", "sig_secret2")));

        var entry = (await Check(orders)).Entries["qstash"];

        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("signing keys", entry.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("sig_", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_as_bad_as_the_application_says_it_is()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus();
            s.InterceptApi(() => new Refusing());
            s.Services.AddHealthChecks().AddQStash(failureStatus: HealthStatus.Degraded);
        });

        Assert.Equal(HealthStatus.Degraded, (await Check(orders)).Entries["qstash"].Status);
    }

    /// <remarks>An orchestrator asks every few seconds.</remarks>
    [Fact]
    public async Task Takes_one_line_of_the_log_while_an_endpoint_cannot_join()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = cloud.Build("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>());
            s.InterceptApi(() => new Refusing());
            s.Services.AddHealthChecks().AddQStash();
        });
        await orders.StartServerAsync();
        while ((await Check(orders)).Entries["masstransit-bus"].Exception is null)
            await Task.Yield();

        var report = await Check(orders);

        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
        var lines = orders.Log.Lines.Where(line => line.StartsWith("Health check masstransit-bus with status Unhealthy", StringComparison.Ordinal));
        Assert.Contains("Joining the URL groups of http://orders.test/qstash/OrderSubmitted failed", lines.Last(), StringComparison.Ordinal);
        Assert.All(lines, line => Assert.DoesNotContain('\n', line));
        Assert.All(lines, line => Assert.DoesNotContain("   at ", line, StringComparison.Ordinal));
    }

    // The service has no consumers and so nothing to deploy: its bus is healthy without the API.
    static Action<ServiceBuilder> Checked(Action<IQStashHostConfigurator>? host = null) => s =>
    {
        s.AddBus(null, (_, cfg) => cfg.Host(h => host?.Invoke(h)));
        s.Services.AddHealthChecks().AddQStash();
    };

    static Task<HealthReport> Check(Service service) =>
        service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);

    sealed class Refusing : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("") });
    }
}
