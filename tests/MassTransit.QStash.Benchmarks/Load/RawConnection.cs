using System.Net;
using System.Net.Sockets;

namespace MassTransit.QStash.Benchmarks.Load;

/// <summary>
/// A keep-alive connection that sends the same bytes again and again: a client that costs next to nothing, so that the
/// server is what is measured.
/// </summary>
sealed class RawConnection(IPEndPoint server) : IDisposable
{
    readonly byte[] _buffer = new byte[16 * 1024];
    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task Connect() => await _socket.ConnectAsync(server);

    /// <summary>Sends a request and reads its answer, which must be 200 with a Content-Length.</summary>
    public async ValueTask Send(ReadOnlyMemory<byte> request)
    {
        while (request.Length > 0)
            request = request[await _socket.SendAsync(request)..];

        var read = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(read));
            if (count == 0)
                throw new IOException("The server closed the connection.");

            read += count;
            if (IsComplete(_buffer.AsSpan(0, read)))
                return;
        }
    }

    public void Dispose() => _socket.Dispose();

    static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;

        if (!answer.StartsWith("HTTP/1.1 200"u8))
            throw new IOException($"The server answered {System.Text.Encoding.ASCII.GetString(answer[..end])}");

        var name = "Content-Length: "u8;
        var at = answer.IndexOf(name);
        if (at < 0 || at > end)
            throw new IOException("The answer has no Content-Length.");

        var length = 0;
        foreach (var digit in answer[(at + name.Length)..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
                break;

            length = (length * 10) + digit - '0';
        }

        return answer.Length >= end + 4 + length;
    }
}
