using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using QStash.Emulator.Accounts;
using QStash.Emulator.Api;
using QStash.Emulator.Dashboard;
using QStash.Emulator.Delivery;
using QStash.Emulator.Http;

namespace QStash.Emulator;

/// <summary>
/// A QStash server on 127.0.0.1: it accepts messages over QStash's HTTP API and delivers them signed, with retries, dead
/// letters, queues and callbacks. State is in memory and ends with the instance.
/// </summary>
/// <remarks>Only the published development users exist; <see cref="DefaultUser"/> is the one to use.</remarks>
public sealed class QStashEmulator : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Dispatcher _dispatcher;
    bool _disposed;

    QStashEmulator(WebApplication app, Dispatcher dispatcher, AccountRegistry accounts, TimeProvider timeProvider)
    {
        _app = app;
        _dispatcher = dispatcher;
        DefaultUser = new QStashEmulatorUser(accounts.Default);
        TimeProvider = timeProvider;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    /// <summary>The base URL of the API, for example <c>http://127.0.0.1:43121</c>: what <c>QSTASH_URL</c> is set to.</summary>
    public Uri Url { get; }

    /// <summary>The user <c>defaultUser</c>.</summary>
    public QStashEmulatorUser DefaultUser { get; }

    /// <summary>The clock the emulator goes by.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Starts an emulator; it accepts requests when the task completes.</summary>
    /// <param name="options">Defaults when omitted: a free port, the system clock, deliveries over the network.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option has a value that cannot be used.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<QStashEmulator> StartAsync(QStashEmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new QStashEmulatorOptions();
        options.Validate();
        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("QStash.Emulator");
        var accounts = new AccountRegistry();
        var dispatcher = new Dispatcher(options, logger);
        var app = Build(options, accounts, dispatcher, logger);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await dispatcher.DisposeAsync();
            await app.DisposeAsync();
            throw;
        }

        return new QStashEmulator(app, dispatcher, accounts, options.TimeProvider);
    }

    /// <summary>
    /// Completes when no attempt is open and nothing is due at the current time. Every message whose publish has been
    /// answered counts. Messages that wait for a later time, behind another one in a queue, or in a paused queue do not.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; needed as a deadline when a destination may never answer.</param>
    public Task WaitUntilIdleAsync(CancellationToken cancellationToken = default) => _dispatcher.Scheduler.WhenIdleAsync(cancellationToken);

    /// <summary>
    /// Moves the <see cref="VirtualClock"/> from due time to due time and waits at each until everything that became due
    /// has been delivered and answered. One call over 40 minutes plays a whole retry schedule.
    /// </summary>
    /// <remarks>
    /// Time stands still while an attempt is open. To let time pass over an open attempt, for instance to make it time
    /// out, advance the clock itself and then wait until idle.
    /// </remarks>
    /// <param name="by">How far to move the clock.</param>
    /// <param name="cancellationToken">Ends the waiting; the clock stays where it is then.</param>
    /// <exception cref="InvalidOperationException">The emulator was not started with a <see cref="VirtualClock"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        if (TimeProvider is not VirtualClock clock)
            throw new InvalidOperationException($"{nameof(AdvanceAsync)} needs {nameof(QStashEmulatorOptions)}.{nameof(QStashEmulatorOptions.TimeProvider)} to be a {nameof(VirtualClock)}.");

        var end = clock.GetUtcNow() + by;
        await WaitUntilIdleAsync(cancellationToken);
        while (clock.NextTimer is { } next && next <= end)
        {
            clock.AdvanceTo(next);
            await WaitUntilIdleAsync(cancellationToken);
        }

        clock.AdvanceTo(end);
        await WaitUntilIdleAsync(cancellationToken);
    }

    /// <summary>Aborts open attempts and stops the server. Later calls do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;

        await _dispatcher.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    static WebApplication Build(QStashEmulatorOptions options, AccountRegistry accounts, Dispatcher dispatcher, ILogger logger)
    {
        // The empty builder reads no appsettings, environment or command line of the process it is embedded in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddCors();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, EmbeddedLifetime>());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            // The largest body is a matter of the API, which answers in JSON; destinations are part of the request line.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 1000;
        });

        var app = builder.Build();
        app.UseCors(ConsoleOrigins.Allow);
        app.Use(next => new ErrorAnswers(next, logger).InvokeAsync);
        app.Use(next => new RawTargetRouting(next).InvokeAsync);
        app.Use(next => new Authentication(next, accounts).InvokeAsync);
        app.Use(next => new PlanLimits(next, dispatcher.Quotas).InvokeAsync);
        app.UseRouting();
        var canceller = new Canceller(dispatcher);
        var schedules = new SchedulesApi(dispatcher);
        schedules.Map(app);
        new PublishApi(dispatcher.Publisher, schedules, dispatcher.Quotas).Map(app);
        new BatchApi(dispatcher.Publisher, dispatcher.Quotas).Map(app);
        new MessagesApi(canceller).Map(app);
        new QueuesApi(dispatcher, canceller).Map(app);
        new UrlGroupsApi(dispatcher.Scheduler, dispatcher.Quotas).Map(app);
        new DeadLettersApi(dispatcher.Publisher, dispatcher.Quotas).Map(app);
        new LogsApi(dispatcher.Quotas).Map(app);
        KeysApi.Map(app);
        if (options.EnableDashboard)
            new DashboardApi(accounts, options.TimeProvider).Map(app);

        return app;
    }
}
