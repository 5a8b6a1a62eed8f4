using System.Net;
using MassTransit.QStash.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassTransit.QStash.Tests;

/// <summary>Programs that had no web server before: docs/workers.md.</summary>
public sealed class A_worker : IAsyncDisposable
{
    readonly LogRecorder _log = new();
    readonly Observed _observed = new();
    Cloud? _cloud;

    [Fact]
    public async Task Without_an_app_is_told_at_its_start_what_to_do()
    {
        _cloud = await Cloud.StartAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        AddBus(builder.Services);

        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        await _log.WaitForAsync("QStash cannot deliver messages to http://worker.test/qstash/", LogLevel.Error);
        await host.StopAsync(Cancellation);

        var line = Assert.Single(_log.Lines, line => line.StartsWith("QStash cannot deliver", StringComparison.Ordinal));
        Assert.Contains("WebApplication.CreateBuilder(args) in place of Host.CreateApplicationBuilder(args)", line, StringComparison.Ordinal);
        Assert.Contains("ConfigureWebHostDefaults", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_older_host_builder_consumes()
    {
        _cloud = await Cloud.StartAsync();

        using var host = Host.CreateDefaultBuilder()
            .ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log))
            .ConfigureServices(AddBus)
            .ConfigureWebHostDefaults(web => web.UseUrls(_cloud.ListenUrl).Configure(app =>
            {
                app.UseRouting();
                app.UseEndpoints(endpoints => endpoints.MapQStash());
            }))
            .Build();

        await host.StartAsync(Cancellation);
        var address = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        _cloud.Resolve("worker.test", IPEndPoint.Parse(address.Authority));

        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));
        await bus.Publish(new OrderSubmitted("42"), Cancellation);
        await _cloud.WaitUntilIdleAsync();
        await host.StopAsync(Cancellation);

        Assert.Equal([new OrderSubmitted("42")], _observed.Messages<OrderSubmitted>());
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("QStash cannot deliver", StringComparison.Ordinal));
    }

    void AddBus(IServiceCollection services)
    {
        services.AddSingleton(_cloud!.Time);
        services.AddSingleton(_observed);
        services.AddMassTransit(x =>
        {
            x.AddConsumer<Recorder<OrderSubmitted>>();
            x.UsingQStash((context, cfg) =>
            {
                cfg.Host(_cloud.GetAddress("worker.test"), _cloud.Connect);
                cfg.ConfigureEndpoints(context);
            });
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_cloud is not null)
            await _cloud.DisposeAsync();
    }
}
