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

    /// <summary>Sends requests and reads their answers, which must be 200 with a Content-Length.</summary>
    public async ValueTask Send(ReadOnlyMemory<byte> requests, int answers = 1)
    {
        while (requests.Length > 0)
            requests = requests[await _socket.SendAsync(requests)..];

        var read = 0;
        while (answers > 0)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(read));
            if (count == 0)
                throw new IOException("The server closed the connection.");

            read += count;

            var taken = 0;
            while (answers > 0 && AnswerLength(_buffer.AsSpan(taken, read - taken)) is > 0 and var length)
            {
                taken += length;
                answers--;
            }

            _buffer.AsSpan(taken, read - taken).CopyTo(_buffer);
            read -= taken;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The length of the first answer, or 0 if it is not there as a whole.</summary>
    static int AnswerLength(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;

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

        length += end + 4;

        return answer.Length >= length ? length : 0;
    }
}
