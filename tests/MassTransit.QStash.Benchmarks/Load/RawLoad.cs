using System.Net;

namespace MassTransit.QStash.Benchmarks.Load;

/// <summary>
/// Several connections that share a number of requests.
/// </summary>
sealed class RawLoad : IDisposable
{
    readonly RawConnection[] _connections;

    RawLoad(RawConnection[] connections) => _connections = connections;

    public static async Task<RawLoad> Connect(Uri server, int connections)
    {
        var load = new RawLoad([.. Enumerable.Range(0, connections).Select(_ => new RawConnection(IPEndPoint.Parse(server.Authority)))]);
        foreach (var connection in load._connections)
            await connection.Connect();

        return load;
    }

    public Task Send(ReadOnlyMemory<byte> request, int count)
    {
        var left = count;

        return Task.WhenAll(_connections.Select(connection => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await connection.Send(request);
        })));
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
    }
}
