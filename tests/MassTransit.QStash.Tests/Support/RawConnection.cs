using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Sends what no HTTP client would: headers twice, half a body, many requests before the first answer.
/// </summary>
sealed partial class RawConnection : IDisposable
{
    readonly StringBuilder _answers = new();
    readonly byte[] _buffer = new byte[4096];
    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(IPEndPoint.Parse(server.Authority), Cancellation);

        return connection;
    }

    /// <summary>A request with these header lines, and the length of a body that the caller sends, or does not.</summary>
    public static byte[] Request(string path, int contentLength, params IEnumerable<string> headers) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: orders.test\r\nContent-Type: application/json\r\nContent-Length: {contentLength}\r\n{string.Concat(headers.Select(line => $"{line}\r\n"))}\r\n");

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, Cancellation)..];
    }

    /// <summary>Waits until that many answers have begun, and tells their status codes.</summary>
    public async Task<IReadOnlyList<int>> ReadStatusesAsync(int count = 1)
    {
        while (StatusLine().Count(_answers.ToString()) < count)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(), Cancellation);
            if (read == 0)
                throw new IOException($"Closed after: {_answers}");

            _answers.Append(Encoding.ASCII.GetString(_buffer, 0, read));
        }

        return StatusLine().Matches(_answers.ToString()).Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToArray();
    }

    public void Dispose() => _socket.Dispose();

    [GeneratedRegex(@"^HTTP/1\.1 (\d{3}) ", RegexOptions.Multiline)]
    private static partial Regex StatusLine();
}
