using System.Net;
using System.Net.Sockets;
using MassTransit;
using QStash.Client;
using QStash.Emulator;

namespace OrderFlow.Running;

/// <summary>
/// Either an emulator in this process, or the real QStash: with QSTASH_TOKEN and both signing keys in the environment, and the
/// public addresses of the two services in Orders__PublicAddress and Billing__PublicAddress (two tunnels to ports 5101 and
/// 5102 will do).
/// </summary>
sealed class Connection : IAsyncDisposable
{
    readonly QStashEmulator? _emulator;

    Connection(QStashEmulator? emulator, ServiceAddress orders, ServiceAddress billing) =>
        (_emulator, Orders, Billing) = (emulator, orders, billing);

    public ServiceAddress Orders { get; }
    public ServiceAddress Billing { get; }

    public string Description => _emulator is null ? "the real QStash" : $"an emulator of QStash at {_emulator.Url}";

    public static async Task<Connection> OpenAsync(IConfiguration configuration) =>
        QStashSettings.Resolve(configuration).Token is null
            ? new Connection(await QStashEmulator.StartAsync(), Local("orders"), Local("billing"))
            : new Connection(null, Public(configuration, "Orders", 5101), Public(configuration, "Billing", 5102));

    /// <summary>The settings both services share. Token and keys of the real QStash come from the environment by themselves.</summary>
    public void Configure(IQStashHostConfigurator host, ServiceAddress address)
    {
        if (_emulator is not null)
            host.UseEmulator(_emulator.Url);

        host.BaseAddress(address.PublicAddress);
    }

    public WebApplicationBuilder CreateBuilder(ServiceAddress address, FlowTrace trace)
    {
        var builder = WebApplication.CreateBuilder();

        builder.WebHost.UseUrls($"http://127.0.0.1:{address.Port}");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        // The failure is part of the show; its stack trace is not.
        builder.Logging.AddFilter("MassTransit", LogLevel.Critical);
        builder.Services.AddSingleton(trace);
        builder.Services.AddQStashClient(options =>
        {
            if (_emulator is not null)
                (options.Url, options.Token) = (_emulator.Url, _emulator.DefaultUser.Token);
        });

        return builder;
    }

    public async ValueTask DisposeAsync()
    {
        if (_emulator is not null)
            await _emulator.DisposeAsync();
    }

    static ServiceAddress Public(IConfiguration configuration, string name, int port) =>
        configuration.GetValue<Uri>($"{name}:PublicAddress") is { } address
            ? new ServiceAddress(name, port, address)
            : throw new InvalidOperationException($"QSTASH_TOKEN is set: set {name}__PublicAddress too, a public https address that leads to port {port}.");

    static ServiceAddress Local(string name)
    {
        // Kestrel could choose a port itself, but the address must be known before it starts.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        return new ServiceAddress(name, port, new Uri($"http://127.0.0.1:{port}"));
    }
}
