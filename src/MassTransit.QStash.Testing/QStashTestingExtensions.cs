using MassTransit.Configuration;
using MassTransit.DependencyInjection.Testing;
using MassTransit.QStashTransport.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MassTransit.Testing;

/// <summary>
/// Lets services join a <see cref="QStashTestEnvironment"/>.
/// </summary>
public static class QStashTestingExtensions
{
    /// <summary>
    /// Lets the application under test join the environment. For <c>WebApplicationFactory.WithWebHostBuilder</c>; see
    /// <see cref="AddQStashTestEnvironment"/> for what it does.
    /// </summary>
    /// <param name="builder">The builder of the web host.</param>
    /// <param name="environment">The environment. It has to outlive the application.</param>
    /// <param name="serviceName">
    /// The name of the service: letters, digits and hyphens. Its address is <c>http://{serviceName}.test</c>.
    /// </param>
    /// <exception cref="ArgumentException">The name cannot be a part of a host name.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another service of the environment has the name. It is thrown when the host is built.
    /// </exception>
    public static IWebHostBuilder UseQStashTestEnvironment(this IWebHostBuilder builder, QStashTestEnvironment environment,
        string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.ConfigureServices(services =>
        {
            services.AddQStashTestEnvironment(environment, serviceName);

            // When a host fails at its start, WebApplicationFactory can throw an ObjectDisposedException in place of the reason.
            environment.ThrowIfTaken(serviceName);
        });
    }

    /// <summary>
    /// Lets a service join the environment. All its buses on QStash use the emulator, its token and its signing keys, and have the address
    /// <c>http://{serviceName}.test</c>; these win over configuration and code. <see cref="TimeProvider"/> is the clock of the environment.
    /// <see cref="ITestHarness"/> sees what the first bus publishes, sends and consumes, unless <c>AddMassTransitTestHarness</c> has
    /// already registered one; its waits end when no message is on its way through QStash any more.
    /// </summary>
    /// <remarks>
    /// Call it last, after <c>AddMassTransit</c>. Consumers, sagas and their repositories stay as they are. A collection without a web host
    /// needs no <c>MapQStash</c>: a server in memory passes deliveries to the bus, once the hosted services or the harness are started.
    /// </remarks>
    /// <param name="services">The services of the application.</param>
    /// <param name="environment">The environment. It has to outlive the application.</param>
    /// <param name="serviceName">The name of the service: letters, digits and hyphens.</param>
    /// <exception cref="ArgumentException">The name cannot be a part of a host name.</exception>
    public static IServiceCollection AddQStashTestEnvironment(this IServiceCollection services, QStashTestEnvironment environment,
        string serviceName)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(serviceName);

        if (Uri.CheckHostName($"{serviceName}.test") != UriHostNameType.Dns || serviceName.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException(
                $"'{serviceName}' cannot name a service, because it becomes a host. Use letters, digits and hyphens.",
                nameof(serviceName));

        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(environment.Clock));
        services.Configure<UsageTelemetryOptions>(telemetry => telemetry.Enabled = false);
        services.AddSingleton<IQStashSettingsOverride>(new TestSettings(environment, serviceName));

        if (services.All(service => service.ServiceType != typeof(IWebHostEnvironment)))
            services.AddQStashDeliveryHandler();

        // This hosted service comes first, so that the service can be reached when its bus starts.
        services.AddSingleton(provider => new TestService(environment, serviceName, provider));
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(provider => provider.GetRequiredService<TestService>()));

        if (services.All(service => service.ServiceType != typeof(ITestHarness)))
            AddHarness(services);

        WaitForQStash(services, environment);

        return services;
    }

    // Unlike AddMassTransitTestHarness, this keeps the bus of the application.
    static void AddHarness(IServiceCollection services)
    {
        services.AddOptions<TestHarnessOptions>();
        services.AddOptions<MassTransitHostOptions>().Configure(options => options.WaitUntilStarted = true);
        services.AddSingleton<ContainerTestHarness>();
        services.AddSingleton<ITestHarness>(provider => provider.GetRequiredService<ContainerTestHarness>());
        services.AddBusObserver<ContainerTestHarnessBusObserver>();

        var registrations = services.Select(service => service.IsKeyedService ? null : service.ImplementationInstance);

        foreach (var registration in registrations.OfType<IRegistration>().ToArray())
            HarnessRegistrations.Add(services, registration);
    }

    static void WaitForQStash(IServiceCollection services, QStashTestEnvironment environment)
    {
        // The harness accepts no other source of activity, but it can be told of inactivity. So its own timers are set to never fire during
        // the test.
        var inactivityTimeout = TimeSpan.Zero;
        services.PostConfigure<TestHarnessOptions>(options =>
        {
            inactivityTimeout = options.TestInactivityTimeout;
            options.TestInactivityTimeout = options.TestTimeout;
        });

        services.AddBusObserver(provider =>
            new InactivityMonitor(provider.GetRequiredService<ITestHarness>(), environment.Emulator, () => inactivityTimeout));
    }
}
