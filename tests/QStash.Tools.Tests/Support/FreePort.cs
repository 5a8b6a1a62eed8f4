using System.Net;
using System.Net.Sockets;

namespace QStash.Tools.Tests.Support;

/// <summary>A port for a program that has to be told one.</summary>
static class FreePort
{
    public static string Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
