using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace QStash.Client;

/// <summary>Registers the client.</summary>
public static class QStashServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IQStashClient"/> as a singleton, its <see cref="HttpClient"/> with the resilience handler, and its
    /// options. A value set by <paramref name="configure"/> wins over the configuration section <c>QStash</c>, which wins over
    /// <c>QSTASH_URL</c> and <c>QSTASH_TOKEN</c>. The host fails to start with a missing or wrong option.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options in code; keep the token out of it.</param>
    public static IServiceCollection AddQStashClient(this IServiceCollection services, Action<QStashClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddQStashHttpClient();
        var options = services.AddOptions<QStashClientOptions>();
        if (configure is not null)
            options.Configure(configure);

        if (services.Any(service => service.ServiceType == typeof(IQStashClient)))
            return services;

        // Runs after all code that sets options, so that code wins in any order of registration.
        options
            .PostConfigure<IServiceProvider>((target, provider) =>
                Fill(target, QStashSettings.Resolve(provider.GetService<IConfiguration>())))
            .ValidateOnStart();

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QStashClientOptions>, QStashClientOptionsValidator>());
        services.AddSingleton<IQStashClient>(provider => new QStashClient(
            provider.GetRequiredService<IHttpClientFactory>(),
            provider.GetRequiredService<IOptions<QStashClientOptions>>().Value,
            provider.GetService<TimeProvider>()));

        return services;
    }

    /// <summary>
    /// Registers only the <see cref="HttpClient"/> called <see cref="QStashClient.HttpClientName"/>: retries with jitter for
    /// calls that are safe to repeat, a time limit per attempt, no redirects. Calling it again adds nothing, and returns a
    /// builder for further handlers.
    /// </summary>
    /// <remarks>
    /// <see cref="QStashClientOptions.MaxRetries"/>, <see cref="QStashClientOptions.AttemptTimeout"/> and
    /// <see cref="QStashClientOptions.MaxRateLimitWait"/> travel with each request, so one registration serves many clients. A
    /// <see cref="TimeProvider"/> in the container drives all waits. Calls are not logged one by one, unless <c>AddDefaultLogger()</c> on
    /// the builder says so; an API that does not answer is logged once a minute.
    /// </remarks>
    public static IHttpClientBuilder AddQStashHttpClient(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        var builder = services.AddHttpClient(QStashClient.HttpClientName);
        if (services.Any(service => service.ServiceType == typeof(RegistrationMarker)))
            return builder;

        services.AddSingleton<RegistrationMarker>();
        services.AddSingleton(provider => new OutageLog(
            provider.GetRequiredService<ILoggerFactory>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));

        // The default limit of 100 seconds would apply to all attempts together.
        builder.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);

        builder.UseSocketsHttpHandler((handler, _) =>
        {
            // A redirect would turn a publish into a GET, or send the message to another server.
            handler.AllowAutoRedirect = false;

            // With a single connection a hundred calls would wait for each other, on one core.
            handler.EnableMultipleHttp2Connections = true;

            // A timeout ends a call but not its connection, so a broken connection would take the repeats too. The ping detects it.
            handler.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
            handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        });

        // The default loggers write four entries for each call. OutageLog logs what matters.
        builder.RemoveAllLoggers();

        // Resilience handlers that the application adds to all its clients would repeat every POST, even if that publishes twice.
#pragma warning disable EXTEXP0001 // The only way to opt out, marked experimental since .NET 8.
        builder.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        builder.AddHttpMessageHandler(provider => new RetryHandler(
            () => QStashResilience.CreatePipeline(provider),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<OutageLog>()));
        return builder;
    }

    static void Fill(QStashClientOptions options, QStashSettings settings)
    {
        if (!options.HasUrl && settings.Url is { } url)
            options.Url = url;
        if (string.IsNullOrEmpty(options.Token) && settings.Token is { } token)
            options.Token = token;
    }

    sealed class RegistrationMarker;
}
