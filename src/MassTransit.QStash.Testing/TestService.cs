using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassTransit.Testing;

/// <summary>
/// A service in the test environment. Deliveries reach it through its web server, or, if it has none, through a server in memory.
/// </summary>
sealed class TestService(QStashTestEnvironment environment, string name, IServiceProvider services) : IHostedService, IAsyncDisposable
{
    bool _joined;
    WebApplication? _ownHost;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var server = services.GetService<IServer>() ?? await StartOwnServer(cancellationToken).ConfigureAwait(false);

        environment.Join(name, () => server is TestServer inMemory ? inMemory.CreateHandler() : ConnectTo(server));
        _joined = true;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The service leaves the environment here and not when it stops, because its server still answers deliveries while it stops.
    public async ValueTask DisposeAsync()
    {
        if (_joined)
            environment.Leave(name);

        if (_ownHost is not null)
            await _ownHost.DisposeAsync().ConfigureAwait(false);
    }

    async Task<IServer> StartOwnServer(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        _ownHost = builder.Build();

        var handler = services.GetRequiredService<IQStashDeliveryHandler>();
        _ownHost.Run(http => handler.Handle(http, Path.GetFileName(http.Request.Path.Value) ?? ""));
        await _ownHost.StartAsync(cancellationToken).ConfigureAwait(false);

        return _ownHost.Services.GetRequiredService<IServer>();
    }

    // The server knows its port only after all hosted services have started, so it is read for each connection.
    static SocketsHttpHandler ConnectTo(IServer server) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var address = server.Features.Get<IServerAddressesFeature>()?.Addresses
                .Select(BindingAddress.Parse).FirstOrDefault(address => address.Scheme == Uri.UriSchemeHttp)
                ?? throw new HttpRequestException(
                    "The server of the service listens on no http address. Add one, or use WebApplicationFactory.");

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, address.Port, cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
