using System.Net;
using System.Net.Sockets;
using MassTransit;
using QStash.Client;
using QStash.Emulator;

namespace OrderFlow.Running;

/// <summary>
/// Without settings, an emulator in this process. With the variables that a separate emulator prints when it starts, that one. With
/// QSTASH_TOKEN and both signing keys, the real QStash, which needs the public addresses of the two services in
/// Orders__PublicAddress and Billing__PublicAddress (two tunnels to ports 5101 and 5102 will do).
/// </summary>
sealed class Connection : IAsyncDisposable
{
    readonly QStashEmulator? _embedded;
    readonly Uri? _emulatorUrl;

    Connection(QStashEmulator? embedded, Uri? emulatorUrl, ServiceAddress orders, ServiceAddress billing) =>
        (_embedded, _emulatorUrl, Orders, Billing) = (embedded, emulatorUrl, orders, billing);

    public ServiceAddress Orders { get; }
    public ServiceAddress Billing { get; }

    public string Description => _emulatorUrl is null ? "the real QStash" : $"an emulator of QStash at {_emulatorUrl}";

    public static async Task<Connection> OpenAsync(IConfiguration configuration)
    {
        var settings = QStashSettings.Resolve(configuration);

        if (settings is { Url: { IsLoopback: true } url, Token: not null })
            return new Connection(null, url, Local("orders"), Local("billing"));

        if (settings.Token is not null)
            return new Connection(null, null, Public(configuration, "Orders", 5101), Public(configuration, "Billing", 5102));

        var emulator = await QStashEmulator.StartAsync();

        return new Connection(emulator, emulator.Url, Local("orders"), Local("billing"));
    }

    public WebApplicationBuilder CreateBuilder(ServiceAddress address, FlowTrace trace)
    {
        var builder = WebApplication.CreateBuilder();

        builder.WebHost.UseUrls($"http://127.0.0.1:{address.Port}");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        // The failure is part of the show; its stack trace is not.
        builder.Logging.AddFilter("MassTransit", LogLevel.Critical);
        builder.Services.AddSingleton(trace);
        // Token and keys of the real QStash come from the environment by themselves.
        builder.Services.Configure<QStashTransportOptions>(options =>
            (options.UseEmulator, options.Url) = (_emulatorUrl is not null, _emulatorUrl));
        builder.Services.AddQStashClient(options =>
        {
            if (_embedded is not null)
                (options.Url, options.Token) = (_embedded.Url, _embedded.DefaultUser.Token);
        });

        return builder;
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }

    static ServiceAddress Public(IConfiguration configuration, string name, int port) =>
        configuration.GetValue<Uri>($"{name}:PublicAddress") is { } address
            ? new ServiceAddress(name, port, address)
            : throw new InvalidOperationException(
                $"QSTASH_TOKEN is set: set {name}__PublicAddress too, a public https address that leads to port {port}.");

    static ServiceAddress Local(string name)
    {
        // Kestrel could choose a port itself, but the address must be known before it starts.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        return new ServiceAddress(name, port, new Uri($"http://127.0.0.1:{port}"));
    }
}
