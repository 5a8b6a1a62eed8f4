using System.Net;
using System.Net.Sockets;
using MassTransit.QStash.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests;

/// <summary>How much a service logs whose levels are those of the default template: Information, and Warning for ASP.NET Core.</summary>
public class The_log_of_a_service
{
    [Fact]
    public async Task Shows_nothing_for_each_message()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s =>
        {
            LogAsTheTemplateDoes(s);
            s.AddBus(null, (_, cfg) => cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(context =>
            {
                s.Observed.Add(context);
                return Task.CompletedTask;
            })));
        });
        var before = orders.Log.Shown.Count;

        for (var i = 0; i < 3; i++)
            await orders.Publish(new OrderSubmitted("42"));
        await cloud.WaitUntilIdleAsync();

        Assert.Equal(3, orders.Observed.Messages<OrderSubmitted>().Count);
        Assert.Empty(orders.Log.Shown.Skip(before));
    }

    [Fact]
    public async Task Says_once_for_each_type_that_nobody_gets_it()
    {
        await using var cloud = await Cloud.StartAsync();
        var orders = await cloud.StartServiceAsync("orders", s => s.AddBus());

        for (var i = 0; i < 3; i++)
            await orders.Publish(new OrderSubmitted("42"));

        var line = Assert.Single(orders.Log.Shown, line => line.Contains("Nobody gets", StringComparison.Ordinal));
        Assert.Contains(nameof(OrderSubmitted), line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_once_a_minute_that_QStash_does_not_answer_and_nothing_else()
    {
        using var nobody = new Socket(SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"http://{nobody.LocalEndPoint}");

        await using var cloud = await Cloud.StartAsync();
        var orders = cloud.Build("orders", s =>
        {
            LogAsTheTemplateDoes(s);
            s.Services.AddHealthChecks().AddQStash();
            s.AddBus(null, (context, cfg) =>
            {
                cfg.Host(h => h.UseEmulator(address));
                cfg.ReceiveEndpoint("orders", e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
                cfg.ReceiveEndpoint("billing", e =>
                {
                    e.Handler<OrderSubmitted>(_ => Task.CompletedTask);
                    ((IQStashReceiveEndpointConfigurator)e).PinFlowControl("billing", parallelism: 1);
                });
                cfg.ReceiveEndpoint(new TemporaryEndpointDefinition(), e => e.Handler<OrderSubmitted>(_ => Task.CompletedTask));
            });
        });
        await orders.StartServerAsync();
        var start = cloud.Time.GetUtcNow();

        cloud.Clock.Scale = 100;
        cloud.Clock.Resume();

        var fifth = Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
                await orders.Log.WaitForWarningAsync($"Is the emulator running at {address.GetLeftPart(UriPartial.Authority)}?");
        }, Cancellation);

        while (!fifth.IsCompleted)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => orders.Publish(new OrderSubmitted("42")));
            await orders.Services.GetRequiredService<HealthCheckService>()
                .CheckHealthAsync(check => check.Name == "qstash", Cancellation);
        }

        await fifth;
        var passed = cloud.Time.GetUtcNow() - start;
        cloud.Clock.Freeze();

        Assert.InRange(passed, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(10));
        // ASP.NET Core has a line for each failed health check.
        var checks = orders.Log.Shown.Where(line => line.StartsWith("Health check", StringComparison.Ordinal)).ToArray();
        var others = orders.Log.Shown.Except(checks).Where(line => !line.Contains("QStash bus", StringComparison.Ordinal));
        Assert.All(others, line => Assert.Contains("Is the emulator running", line, StringComparison.Ordinal));
        Assert.All(checks, line => Assert.DoesNotContain("Exception", line, StringComparison.Ordinal));
    }

    static void LogAsTheTemplateDoes(ServiceBuilder service) =>
        service.Services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning));
}
