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

    /// <summary>Sends a request again and again, over all connections.</summary>
    /// <param name="request">The request.</param>
    /// <param name="count">How many to send.</param>
    /// <param name="pipelined">How many are sent before their answers are read.</param>
    public Task Send(byte[] request, int count, int pipelined)
    {
        var left = count / pipelined;
        byte[] requests = [.. Enumerable.Repeat(request, pipelined).SelectMany(bytes => bytes)];

        return Task.WhenAll(_connections.Select(connection => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await connection.Send(requests, pipelined);
        })));
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
    }
}
