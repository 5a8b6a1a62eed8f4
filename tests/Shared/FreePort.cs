using System.Net;
using System.Net.Sockets;

namespace QStash.Tests;

/// <summary>
/// Ports for programs that must know theirs before they listen, or that come back to it. They are below those that systems give to
/// clients: else a connection of another program takes the port while nobody listens there, and a client can even be connected to itself.
/// </summary>
static class FreePort
{
    const int First = 20_000;
    const int Last = 30_000;

    static readonly DirectoryInfo Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"qstash-ports-{Environment.UserName}"));

    // Open files, as long as this process runs: no other test, here or in another process, gets the same port.
    static readonly List<FileStream> Claims = [];

    /// <summary>A port where nobody listens, and which nobody else is given while this process runs.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (TryClaim(port) && IsFree(port))
                return port;
        }
    }

    static bool TryClaim(int port)
    {
        try
        {
            var claim = new FileStream(Path.Combine(Folder.FullName, $"{port}"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            lock (Claims)
                Claims.Add(claim);

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
