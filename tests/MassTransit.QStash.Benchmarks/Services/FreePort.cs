using System.Net;
using System.Net.Sockets;

namespace MassTransit.QStash.Benchmarks.Services;

static class FreePort
{
    /// <summary>A port nobody listens on now. A service must know its public address before it starts.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
