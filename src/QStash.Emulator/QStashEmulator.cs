using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using QStash.Emulator.Api;
using QStash.Emulator.Control;
using QStash.Emulator.Dashboard;
using QStash.Emulator.Delivery;
using QStash.Emulator.Durability;
using QStash.Emulator.Errors;
using QStash.Emulator.Faults;
using QStash.Emulator.Http;
using QStash.Emulator.Snapshots;
using QStash.Emulator.Storage;
using QStash.Emulator.Time;

namespace QStash.Emulator;

/// <summary>
/// A QStash server on this machine: it accepts messages over QStash's HTTP API and delivers them signed, with retries, dead letters, queues
/// and callbacks. State is in memory and ends with the instance, unless <see cref="QStashEmulatorOptions.DataPath"/> is set.
/// </summary>
/// <remarks>Only the published development users exist; <see cref="DefaultUser"/> is the one to use.</remarks>
public sealed class QStashEmulator : IAsyncDisposable
{
    /// <summary>
    /// The name of the source of the emulator's traces: for each message a span from its publish to its end, and in it one for each
    /// attempt. It goes on with the trace of the message's header <c>traceparent</c>, or else with the call that published it, if the
    /// calls of ASP.NET Core are traced in this process.
    /// </summary>
    public const string ActivitySourceName = "QStash.Emulator";

    // Set by the program of the emulator; docs/emulator.md#how-much-it-takes
    const string InlineScheduling = "QStash.Emulator.InlineScheduling";

    readonly WebApplication _app;
    readonly Dispatcher _dispatcher;
    readonly EmulatorControl _control;
    readonly Journal? _journal;
    bool _disposed;

    QStashEmulator(
        WebApplication app, Dispatcher dispatcher, AccountRegistry accounts, EmulatorControl control, Journal? journal,
        TimeProvider timeProvider)
    {
        _app = app;
        _dispatcher = dispatcher;
        _control = control;
        _journal = journal;
        DefaultUser = new QStashEmulatorUser(accounts.Default);
        TimeProvider = timeProvider;
        Url = UrlHere(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    /// <summary>
    /// The base URL of the API on this machine, for example <c>http://127.0.0.1:43121</c>. Use it for <c>QSTASH_URL</c>.
    /// </summary>
    public Uri Url { get; }

    /// <summary>The user <c>defaultUser</c>.</summary>
    public QStashEmulatorUser DefaultUser { get; }

    /// <summary>The clock of the emulator.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>The clock, if it can be moved; <see langword="null"/> with any other <see cref="TimeProvider"/>.</summary>
    public VirtualClock? Clock => _control.Clock;

    /// <summary>The faults that the emulator causes on purpose. Empty at first.</summary>
    public FaultRules Faults => _control.Faults;

    /// <summary>Starts an emulator; it accepts requests when the task completes.</summary>
    /// <param name="options">Defaults when omitted: a free port, the system clock, deliveries over the network.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option has a value that cannot be used.</exception>
    /// <exception cref="IOException">The port is taken, or the address is not one of this machine.</exception>
    /// <exception cref="DataPathException">The file at <see cref="QStashEmulatorOptions.DataPath"/> cannot be used.</exception>
    public static async Task<QStashEmulator> StartAsync(
        QStashEmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new QStashEmulatorOptions();
        options.Validate();
        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("QStash.Emulator");
        var journal = options.DataPath is not null ? new Journal(options, logger) : null;
        var accounts = new AccountRegistry(journal is null ? null : user => new AccountJournal(journal, user));
        var dispatcher = new Dispatcher(options, journal, MessageFilter.Of, logger);
        foreach (var account in accounts.All)
            account.NobodyListens = dispatcher.NobodyListens;

        var control = new EmulatorControl(dispatcher, accounts, options.TimeProvider);
        var app = Build(options, accounts, dispatcher, control, journal, logger);
        try
        {
            var resumptions = journal?.Start(accounts.All) ?? [];
            await app.StartAsync(cancellationToken);
            dispatcher.Resume(accounts.All, resumptions);
        }
        catch (Exception exception)
        {
            await EndAsync(app, dispatcher, journal);
            if (exception is SocketException)
                throw new IOException($"Cannot listen at {options.Address}:{options.Port}: {exception.Message}.", exception);

            throw;
        }

        return new QStashEmulator(app, dispatcher, accounts, control, journal, options.TimeProvider);
    }

    /// <summary>
    /// Completes when no attempt is open and nothing is due at the current time. Every message whose publish has been answered counts,
    /// except messages that wait for a later time, for their flow control key, behind another one in a queue, or in a paused queue.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; use it as a deadline if a destination may never answer.</param>
    public Task WaitUntilIdleAsync(CancellationToken cancellationToken = default) => _control.WaitUntilIdleAsync(cancellationToken);

    /// <summary>
    /// Moves the <see cref="VirtualClock"/> from due time to due time and waits at each until everything that became due
    /// has been delivered and answered. One call over 40 minutes plays a whole retry schedule.
    /// </summary>
    /// <remarks>
    /// A frozen clock stands still while an attempt is open. To make an open attempt time out, advance the clock itself, and then wait
    /// until the emulator is idle.
    /// </remarks>
    /// <param name="by">How far to move the clock.</param>
    /// <param name="cancellationToken">Ends the wait; then the clock stays where it is.</param>
    /// <exception cref="InvalidOperationException">The emulator was not started with a <see cref="VirtualClock"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative, or leads beyond the year 8999.</exception>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        var clock = RequireClock();
        await _control.AdvanceAsync(clock, clock.After(by), cancellationToken);
    }

    /// <summary>Does the same as <see cref="AdvanceAsync"/> until the clock shows a given time.</summary>
    /// <param name="until">When to stop; a time that has passed changes nothing.</param>
    /// <param name="cancellationToken">Ends the wait; then the clock stays where it is.</param>
    /// <exception cref="InvalidOperationException">The emulator was not started with a <see cref="VirtualClock"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="until"/> is later than the year 8999.</exception>
    public async Task AdvanceToAsync(DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(until, ClockMotion.End);
        await _control.AdvanceAsync(RequireClock(), until, cancellationToken);
    }

    /// <summary>
    /// A copy of the emulator's present state: the clock, the faults, and for each user the messages, queues, flow control keys, URL
    /// groups, schedules, dead letters and deduplication ids. Signing keys are left out.
    /// </summary>
    public EmulatorSnapshot GetSnapshot() => _control.GetSnapshot();

    /// <summary>
    /// Forgets everything of all users, including signing keys and fault rules, and aborts open attempts. Completes when these have ended.
    /// </summary>
    /// <param name="clock">Whether to reset the clock as well, see <see cref="VirtualClock.Reset"/>.</param>
    /// <param name="cancellationToken">Ends the wait for aborted attempts.</param>
    public async Task ResetAsync(bool clock = false, CancellationToken cancellationToken = default)
    {
        await _control.ResetAsync(clock, cancellationToken);
        if (_journal is not null)
            await _journal.FlushAsync();
    }

    /// <summary>Aborts open attempts and stops the server. Later calls do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
            await EndAsync(_app, _dispatcher, _journal);
    }

    static async Task EndAsync(WebApplication app, Dispatcher dispatcher, Journal? journal)
    {
        await dispatcher.DisposeAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        // Last, because calls that are ending wait for it.
        if (journal is not null)
            await journal.DisposeAsync();
    }

    /// <summary>An address that stands for all of this machine cannot be called.</summary>
    static Uri UrlHere(string listening)
    {
        var url = new Uri(listening);
        return url.Host is "0.0.0.0" or "[::]" ? new UriBuilder(url) { Host = url.Host == "[::]" ? "[::1]" : "127.0.0.1" }.Uri : url;
    }

    VirtualClock RequireClock() => Clock ?? throw new InvalidOperationException(
        $"Advancing needs {nameof(QStashEmulatorOptions)}.{nameof(QStashEmulatorOptions.TimeProvider)} to be a {nameof(VirtualClock)}.");

    static WebApplication Build(
        QStashEmulatorOptions options, AccountRegistry accounts, Dispatcher dispatcher, EmulatorControl control, Journal? journal,
        ILogger logger)
    {
        // The empty builder reads no appsettings, environment or command line of the process it is embedded in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, EmbeddedLifetime>());
        // Each change of threads is a wait for a busy processor. The thread that handles a request then is still one of the thread pool, so
        // it may wait for the data file.
        if (AppContext.TryGetSwitch(InlineScheduling, out var isInline) && isInline)
            builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Address, options.Port);
            kestrel.AddServerHeader = false;
            // The API itself refuses bodies that are too large, because it answers in JSON. The request line contains the destination, so
            // it may be long.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 1024 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 1000;
        });

        var app = builder.Build();
        var sites = new WebSites(options);
        app.Use(next => new ErrorAnswers(next, logger).InvokeAsync);
        app.Use(next => new WebAccess(next, sites).InvokeAsync);
        app.Use(next => new CrossOrigin(next, sites).InvokeAsync);
        if (journal is not null)
            app.Use(next => new DurableAnswers(next, journal).InvokeAsync);

        app.Use(next => new RawTargetRouting(next).InvokeAsync);
        app.Use(next => new ControlAccess(next, options.EnableControl).InvokeAsync);
        app.Use(next => new Authentication(next, accounts).InvokeAsync);
        app.Use(next => new ApiFaults(next, dispatcher.Faults, options.TimeProvider).InvokeAsync);
        app.Use(next => new PlanLimits(next, dispatcher.Quotas).InvokeAsync);
        app.Use(next => context => NotEmulated.RefuseAsync(context, next));
        app.Use(next => new DestructiveCalls(next).InvokeAsync);
        app.UseRouting();
        var canceller = new Canceller(dispatcher);
        var schedules = new SchedulesApi(dispatcher);
        schedules.Map(app);
        new PublishApi(dispatcher.Publisher, schedules, dispatcher.Quotas).Map(app);
        new BatchApi(dispatcher.Publisher, dispatcher.Quotas).Map(app);
        new MessagesApi(dispatcher, canceller, options.TimeProvider).Map(app);
        new BulkActionsApi(dispatcher.Scheduler).Map(app);
        new QueuesApi(dispatcher, canceller).Map(app);
        new UrlGroupsApi(dispatcher.Scheduler, dispatcher.Quotas).Map(app);
        new DeadLettersApi(dispatcher.Publisher, dispatcher.Quotas).Map(app);
        new FlowControlApi(dispatcher).Map(app);
        new LogsApi(dispatcher.Quotas).Map(app);
        KeysApi.Map(app);
        if (options.EnableDashboard)
            new DashboardApi(accounts, options.TimeProvider).Map(app);
        new ControlApi(control).Map(app);
        new ClockApi(control, options.TimeProvider).Map(app);
        new FaultsApi(dispatcher.Faults).Map(app);
        return app;
    }
}
