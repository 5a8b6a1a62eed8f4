using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using QStash.Client;
using QStash.Emulator;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// A small internet: the emulator on a virtual clock, and services on Kestrel that reach each other over real sockets under
/// public-looking names (the emulator's connections are resolved here, as DNS would).
/// </summary>
sealed class Cloud : ICloud, IAsyncDisposable
{
    readonly ConcurrentDictionary<string, IPEndPoint> _dns = new(StringComparer.OrdinalIgnoreCase);
    readonly SocketsHttpHandler _network;
    readonly List<Service> _services = [];

    Cloud() => _network = new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, cancellationToken) =>
        {
            if (!_dns.TryGetValue(context.DnsEndPoint.Host, out var address))
                throw new SocketException((int)SocketError.HostNotFound);

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>The clock of the emulator and of all services.</summary>
    public required TimeProvider Time { get; init; }

    public string ListenUrl => "http://127.0.0.1:0";
    public VirtualClock Clock => (VirtualClock)Time;
    public QStashEmulator Emulator { get; private set; } = null!;

    /// <summary>The QStash API, as the user of the emulator all services share.</summary>
    public IQStashClient Client { get; private set; } = null!;

    /// <param name="time">For services in processes of their own, which do not know of a virtual clock.</param>
    /// <param name="quota">What the account may do.</param>
    public static async Task<Cloud> StartAsync(TimeProvider? time = null, QuotaPlan? quota = null)
    {
        var cloud = new Cloud { Time = time ?? new VirtualClock() };

        cloud.Emulator = await QStashEmulator.StartAsync(
            new QStashEmulatorOptions { TimeProvider = cloud.Time, DeliveryHandler = cloud._network, Quota = quota ?? QuotaPlan.None }, Cancellation);

        cloud.Client = new QStashClient(new HttpClient(),
            new QStashClientOptions { Url = cloud.Emulator.Url, Token = cloud.Emulator.DefaultUser.Token }, cloud.Time);

        return cloud;
    }

    /// <summary>Starts the QStash of another region, which shares nothing with <see cref="Emulator"/> but the services it reaches.</summary>
    public Task<QStashEmulator> StartRegionAsync(string region) => QStashEmulator.StartAsync(
        new QStashEmulatorOptions { TimeProvider = Time, DeliveryHandler = _network, Region = region }, Cancellation);

    /// <summary>Builds and starts a service under <c>http://{name}.test</c>.</summary>
    public async Task<Service> StartServiceAsync(string name, Action<ServiceBuilder> configure)
    {
        var service = Build(name, configure);

        await service.StartAsync();

        return service;
    }

    /// <summary>Builds a service without starting it.</summary>
    public Service Build(string name, Action<ServiceBuilder> configure)
    {
        var builder = new ServiceBuilder(this, $"{name}.test");
        configure(builder);

        var service = builder.Build();
        _services.Add(service);

        return service;
    }

    public Uri GetAddress(string host) => new($"http://{host}");

    public void Connect(IQStashHostConfigurator host) => host.UseEmulator(Emulator.Url);

    public void Resolve(string host, IPEndPoint address) => _dns[host] = address;

    /// <summary>Waits until QStash has nothing left to deliver now.</summary>
    public Task WaitUntilIdleAsync() => Emulator.WaitUntilIdleAsync(Cancellation);

    /// <summary>Lets time pass, with everything that falls due on the way delivered at its time.</summary>
    public Task AdvanceAsync(TimeSpan by) => Emulator.AdvanceAsync(by, Cancellation);

    public async ValueTask DisposeAsync()
    {
        // A test may end while the call that brought its message about is still open, and Polly looks once a second of this
        // clock whether its pipeline, which it is to dispose of, has become idle.
        if (Time is VirtualClock clock)
        {
            clock.Scale = 1000;
            clock.Resume();
        }

        foreach (var service in _services)
            await service.DisposeAsync();

        await Emulator.DisposeAsync();
        _network.Dispose();
    }
}
