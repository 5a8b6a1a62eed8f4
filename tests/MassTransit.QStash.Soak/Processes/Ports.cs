using System.Net;
using System.Net.Sockets;

namespace MassTransit.QStash.Soak.Processes;

/// <summary>
/// Ports for programs that come back at the same one. Below those that systems give to clients: another program's connection
/// would take it while ours is dead, and a client can even be connected to itself then.
/// </summary>
static class Ports
{
    const int First = 20_000;
    const int Last = 30_000;

    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
