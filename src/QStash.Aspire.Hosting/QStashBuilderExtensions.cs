using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QStash.Emulator;

namespace Aspire.Hosting;

/// <summary>Adds QStash to an Aspire application.</summary>
public static partial class QStashBuilderExtensions
{
    /// <summary>
    /// Adds QStash. While the application runs on the developer's machine, it is an emulator in the process of the AppHost, with a
    /// dashboard. When the application is published, it is the account in the parameters <c>{name}-url</c>, <c>{name}-token</c>,
    /// <c>{name}-current-signing-key</c> and <c>{name}-next-signing-key</c>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="port">The port of the emulator. By default a free one is taken.</param>
    public static IResourceBuilder<QStashResource> AddQStash(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int port = 0)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        if (builder.ExecutionContext.IsPublishMode)
        {
            return builder.AddResource(new QStashResource(
                name,
                builder.AddParameter($"{name}-url", "https://qstash.upstash.io", publishValueAsDefault: true).Resource,
                builder.AddParameter($"{name}-token", secret: true).Resource,
                builder.AddParameter($"{name}-current-signing-key", secret: true).Resource,
                builder.AddParameter($"{name}-next-signing-key", secret: true).Resource));
        }

        var resource = new QStashResource(name) { Port = port };
        var check = $"{name}_emulator";
        builder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(check, _ => new EmulatorHealthCheck(resource), HealthStatus.Unhealthy, []));
        return builder.AddResource(resource)
            .WithAnnotation(new HealthCheckAnnotation(check))
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "QStash",
                Properties = [],
                State = KnownResourceStates.NotStarted
            })
            .ExcludeFromManifest()
            .OnInitializeResource(StartAsync);
    }

    /// <summary>
    /// Keeps the emulator's data in a file, so that messages and schedules survive a restart. It has no effect when the application is
    /// published.
    /// </summary>
    /// <param name="builder">QStash.</param>
    /// <param name="path">
    /// The file; a relative path starts at the directory of the AppHost. The file is created if it does not exist.
    /// </param>
    public static IResourceBuilder<QStashResource> WithDataFile(this IResourceBuilder<QStashResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);

        builder.Resource.DataPath = Path.GetFullPath(path, builder.ApplicationBuilder.AppHostDirectory);
        return builder;
    }

    /// <summary>
    /// Gives a service its settings for QStash: <c>QSTASH_URL</c>, <c>QSTASH_TOKEN</c>, <c>QSTASH_CURRENT_SIGNING_KEY</c>,
    /// <c>QSTASH_NEXT_SIGNING_KEY</c> and, if it has an http endpoint, its own address as <c>QStash__BaseAddress</c>. On your machine also
    /// the name of the resource as <c>QStash__ServiceName</c>, because the ports change there.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="qstash">QStash.</param>
    /// <param name="endpoint">
    /// The endpoint whose address QStash calls. Default: https when the application is published, http on the developer's machine.
    /// </param>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<QStashResource> qstash,
        string? endpoint = null)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(qstash);

        var resource = qstash.Resource;
        return builder.WithReferenceRelationship(resource).WithEnvironment(context =>
        {
            context.EnvironmentVariables["QSTASH_URL"] = resource.ConnectionStringExpression;
            context.EnvironmentVariables["QSTASH_TOKEN"] = resource.Token;
            context.EnvironmentVariables["QSTASH_CURRENT_SIGNING_KEY"] = resource.CurrentSigningKey;
            context.EnvironmentVariables["QSTASH_NEXT_SIGNING_KEY"] = resource.NextSigningKey;
            if (Own(builder.Resource, endpoint ?? (context.ExecutionContext.IsPublishMode ? "https" : "http")) is { } own)
                context.EnvironmentVariables["QStash__BaseAddress"] = own;
            if (context.ExecutionContext.IsRunMode)
                context.EnvironmentVariables["QStash__ServiceName"] = builder.Resource.Name;
        });
    }

    /// <summary>The address of the service itself, at the given endpoint, or at another one if the service does not have it.</summary>
    static EndpointReference? Own(IResource resource, string endpoint) => resource is not IResourceWithEndpoints service
        ? null
        : service.GetEndpoint(endpoint) is { Exists: true } wanted ? wanted
        : service.GetEndpoints().FirstOrDefault(static other => other.IsHttp || other.IsHttps);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever it is, the resource shows it.")]
    static async Task StartAsync(QStashResource resource, InitializeResourceEvent start, CancellationToken cancellationToken)
    {
        try
        {
            await start.Eventing.PublishAsync(new BeforeResourceStartedEvent(resource, start.Services), cancellationToken)
                .ConfigureAwait(false);
            var emulator = await QStashEmulator.StartAsync(
                new QStashEmulatorOptions
                {
                    Port = resource.Port,
                    DataPath = resource.DataPath,
                    EnableDashboard = true,
                    LoggerFactory = new OneLogger(start.Logger),
                },
                cancellationToken).ConfigureAwait(false);
            resource.Started(emulator);
            start.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped
                .Register(() => emulator.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(5)));
            Listens(start.Logger, emulator.Url);
            await start.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = DateTime.UtcNow,
                Urls = ImmutableArray.Create(
                    new UrlSnapshot("dashboard", emulator.Url.GetLeftPart(UriPartial.Authority), IsInternal: false)),
            }).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            resource.Failed(exception);
            DidNotStart(start.Logger, exception);
            await start.Notifications.PublishUpdateAsync(
                resource, static snapshot => snapshot with { State = KnownResourceStates.FailedToStart }).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The emulator of QStash listens at {Url}, where its dashboard is too.")]
    static partial void Listens(ILogger logger, Uri url);

    [LoggerMessage(2, LogLevel.Error, "The emulator of QStash did not start.")]
    static partial void DidNotStart(ILogger logger, Exception exception);
}
