using QStash.Client;
using QStash.Emulator;

namespace MassTransit.Testing;

/// <summary>
/// The environment of services in a test: an emulator of QStash on a clock that the test moves, and a network that leads to the services.
/// Only the calls to the emulator leave the process, over loopback.
/// </summary>
/// <remarks>
/// Each service joins with <see cref="QStashTestingExtensions.AddQStashTestEnvironment"/> under a name; <c>orders</c> is then at
/// <c>http://orders.test</c>. A delivery to any other host fails, like a delivery to an unknown name.
/// </remarks>
public sealed class QStashTestEnvironment : IAsyncDisposable
{
    readonly TestNetwork _network;

    QStashTestEnvironment(QStashEmulator emulator, TestNetwork network)
    {
        _network = network;
        Emulator = emulator;
        Clock = emulator.Clock!;
        Client = new QStashClient(new HttpClient(),
            new QStashClientOptions { Url = emulator.Url, Token = emulator.DefaultUser.Token }, Clock);
    }

    /// <summary>The emulator: its faults, and a snapshot of all it holds.</summary>
    public QStashEmulator Emulator { get; }

    /// <summary>The clock of the emulator and of all services. It stands still until <see cref="AdvanceAsync"/> moves it.</summary>
    public VirtualClock Clock { get; }

    /// <summary>A client of the emulator's API, with the token of all services.</summary>
    public IQStashClient Client { get; }

    /// <summary>Starts an environment without services.</summary>
    /// <param name="start">The initial time of the clock; 2026-01-01T00:00:00Z when omitted.</param>
    /// <param name="quota">The limits of the account's plan; almost none when omitted.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<QStashTestEnvironment> StartAsync(DateTimeOffset? start = null, QuotaPlan? quota = null,
        CancellationToken cancellationToken = default)
    {
        var network = new TestNetwork();
        var emulator = await QStashEmulator.StartAsync(new QStashEmulatorOptions
        {
            TimeProvider = new VirtualClock(start),
            DeliveryHandler = network,
            Quota = quota ?? QuotaPlan.None,
        }, cancellationToken).ConfigureAwait(false);

        return new QStashTestEnvironment(emulator, network);
    }

    /// <summary>Leads deliveries to a host to a handler instead of a service, for example to test a webhook.</summary>
    /// <param name="host">The name of the host, for example <c>hooks.example.com</c>; the scheme and the port do not matter.</param>
    /// <param name="handler">Answers the deliveries. The environment does not dispose it.</param>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public void AddHost(string host, HttpMessageHandler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentNullException.ThrowIfNull(handler);

        _network.Add(host, new Lazy<HttpMessageInvoker>(new HttpMessageInvoker(handler, disposeHandler: false)));
    }

    /// <summary>
    /// Waits until QStash has nothing left to deliver at the present time of the clock, and no delivery is being handled.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitUntilIdleAsync(CancellationToken cancellationToken = default) => Emulator.WaitUntilIdleAsync(cancellationToken);

    /// <summary>
    /// Moves the clock forward. Messages that become due on the way are delivered at their time, and are handled when the task completes.
    /// </summary>
    /// <param name="by">How much time.</param>
    /// <param name="cancellationToken">Ends the wait; then the clock stays where it is.</param>
    public Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default) => Emulator.AdvanceAsync(by, cancellationToken);

    /// <summary>Stops the emulator. Dispose of the services first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync().ConfigureAwait(false);
        _network.Dispose();
    }

    internal static Uri GetAddress(string serviceName) => new($"http://{serviceName}.test");

    internal void Join(string serviceName, Func<HttpMessageHandler> handler) =>
        _network.Add(GetAddress(serviceName).Host, new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(handler())));

    internal void ThrowIfTaken(string serviceName) => _network.ThrowIfTaken(GetAddress(serviceName).Host);

    internal void Leave(string serviceName) => _network.Remove(GetAddress(serviceName).Host);
}
