using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QStash.Client;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Describes a service: what it consumes, how its bus is configured.
/// </summary>
sealed class ServiceBuilder(ICloud cloud, string host)
{
    readonly WebApplicationBuilder _builder = CreateBuilder(cloud.Time);
    Action<WebApplication> _map = app => app.MapQStash();

    public Uri BaseAddress { get; } = cloud.GetAddress(host);
    public Observed Observed { get; } = new();
    public LogRecorder Log { get; } = new();
    public IServiceCollection Services => _builder.Services;
    public IConfigurationManager Configuration => _builder.Configuration;

    /// <summary>Sets up the default bus; <paramref name="configure"/> runs before <c>ConfigureEndpoints</c>.</summary>
    public void AddBus(Action<IBusRegistrationConfigurator>? register = null,
        Action<IBusRegistrationContext, IQStashBusFactoryConfigurator>? configure = null) =>
        Services.AddMassTransit(x =>
        {
            register?.Invoke(x);

            x.UsingQStash((context, cfg) =>
            {
                UseCloud(cfg);
                configure?.Invoke(context, cfg);
                cfg.ConfigureEndpoints(context);
            });
        });

    public void UseCloud(IQStashBusFactoryConfigurator cfg) => cfg.Host(BaseAddress, cloud.Connect);

    /// <summary>Puts a handler between the bus and the QStash API.</summary>
    public void InterceptApi(Func<DelegatingHandler> handler) =>
        Services.AddHttpClient(QStashClient.HttpClientName).AddHttpMessageHandler(handler);

    public void Map(Action<WebApplication> map) => _map = map;

    static WebApplicationBuilder CreateBuilder(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();

        // First of all, for UsingQStash adds the system clock where there is none.
        builder.Services.AddSingleton(time);

        return builder;
    }

    public Service Build()
    {
        _builder.WebHost.UseUrls(cloud.ListenUrl);
        _builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug);

        Services.AddSingleton(Observed);

        var app = _builder.Build();
        _map(app);

        return new Service(cloud, app, host, Observed, Log);
    }
}
