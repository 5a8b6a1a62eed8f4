using Microsoft.Extensions.DependencyInjection;

namespace QStash.Client.Tests;

/// <summary>The client as an application gets it: from the container, with the resilience handler on a clock that stands still.</summary>
sealed class RegisteredClient : IAsyncDisposable
{
    readonly ServiceProvider _provider;

    public RegisteredClient(ScriptedQStash qstash, Action<QStashClientOptions>? configure = null, DelegatingHandler? innermost = null)
        : this(qstash.Url, configure, innermost)
    {
    }

    public RegisteredClient(Uri url, Action<QStashClientOptions>? configure = null, DelegatingHandler? innermost = null, Action<IServiceCollection>? addServices = null)
    {
        var services = new ServiceCollection();

        // What many applications do for all their clients (Aspire's service defaults among them); it must not apply here.
        services.ConfigureHttpClientDefaults(defaults => defaults.AddStandardResilienceHandler());

        addServices?.Invoke(services);

        if (innermost is not null)
            services.AddQStashHttpClient().AddHttpMessageHandler(() => innermost);

        _provider = services
            .AddSingleton<TimeProvider>(Clock)
            .AddQStashClient(options =>
            {
                options.Url = url;
                options.Token = ScriptedQStash.Token;
                options.AttemptTimeout = ManualClock.AttemptTimeout;
                configure?.Invoke(options);
            })
            .BuildServiceProvider();
        Api = _provider.GetRequiredService<IQStashClient>();
    }

    public ManualClock Clock { get; } = new();

    public IQStashClient Api { get; }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
