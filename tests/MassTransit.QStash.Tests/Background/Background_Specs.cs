using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using QStash.Client;

namespace MassTransit.QStash.Tests;

/// <summary>
/// What is to be as a bus wants it at QStash is tried until it is, and the health check tells what is missing meanwhile.
/// </summary>
public sealed class What_a_bus_wants_of_QStash
{
    [Fact]
    public async Task Shows_in_the_health_while_a_flow_control_key_is_not_pinned()
    {
        await using var cloud = await Cloud.StartAsync();
        // The key comes into existence with its first message.
        await cloud.Client.PublishAsync(
            new QStashMessage
            {
                Destination = "http://nobody.test/in",
                FlowControl = new() { Key = "stripe", Rate = 9 },
                Delay = TimeSpan.FromHours(1),
            },
            Cancellation);
        var refusing = new Switch(path => path.EndsWith("/pin", StringComparison.Ordinal)) { IsOn = true };
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("charges", e => e.PinFlowControl("stripe", rate: 1)));
            s.Services.AddHealthChecks().AddQStash();
            s.InterceptApi(refusing.Handler);
        });

        Assert.Contains("flow control key stripe", (await WaitForHealth(orders, HealthStatus.Degraded)).Description, StringComparison.Ordinal);

        // QStash is asked again soon, and not only after the next message.
        refusing.IsOn = false;
        await WaitForHealth(orders, HealthStatus.Healthy);
        Assert.Equal(1, (await cloud.Client.FlowControl.GetAsync("stripe", Cancellation))!.RateMax);
    }

    [Fact]
    public async Task Shows_in_the_health_while_a_temporary_endpoint_cannot_renew_its_lease()
    {
        await using var cloud = await Cloud.StartAsync();
        var refusing = new Switch(path => path.StartsWith("/v2/topics", StringComparison.Ordinal));
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            s.AddBus(x => x.AddConsumer<Recorder<OrderSubmitted>>().Endpoint(e => (e.Name, e.Temporary) = ("cache", true)));
            s.Services.AddHealthChecks().AddQStash();
            s.InterceptApi(refusing.Handler);
        });
        await WaitForHealth(orders, HealthStatus.Healthy);

        refusing.IsOn = true;
        await cloud.AdvanceAsync(TimeSpan.FromMinutes(20));
        var entry = await WaitForHealth(orders, HealthStatus.Degraded);
        Assert.Contains("the receive endpoint cache", entry.Description, StringComparison.Ordinal);
        Assert.Contains("not now", entry.Description, StringComparison.Ordinal);

        refusing.IsOn = false;
        await WaitForHealth(orders, HealthStatus.Healthy);
        await orders.Bus.Publish(new OrderSubmitted("42"), Cancellation);
        await cloud.WaitUntilIdleAsync();
        Assert.Equal("42", Assert.Single(orders.Observed.Messages<OrderSubmitted>()).OrderId);
    }

    static async Task<HealthReportEntry> WaitForHealth(Service service, HealthStatus status)
    {
        while (true)
        {
            var report = await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
            if (report.Entries["qstash"] is var entry && entry.Status == status)
                return entry;
        }
    }

    sealed class Switch(Func<string, bool> isRefused)
    {
        volatile bool _isOn;

        public bool IsOn
        {
            get => _isOn;
            set => _isOn = value;
        }

        public DelegatingHandler Handler() => new Refusing(this, isRefused);

        sealed class Refusing(Switch state, Func<string, bool> isRefused) : DelegatingHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                state.IsOn && isRefused(request.RequestUri!.AbsolutePath)
                    ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("""{ "error": "not now" }""") }
                    : await base.SendAsync(request, cancellationToken);
        }
    }
}
