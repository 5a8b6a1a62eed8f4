using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace QStash.Emulator.Tests.Fuzzing;

/// <summary>Sends requests no HTTP library would, over one connection as long as the server keeps it open.</summary>
sealed class RawConnection(IPEndPoint server) : IAsyncDisposable
{
    readonly byte[] _buffer = new byte[16 * 1024];
    TcpClient? _client;
    NetworkStream? _stream;
    int _start;
    int _end;

    /// <returns>The status of the answer.</returns>
    public async Task<int> SendAsync(byte[] request, bool isHead, CancellationToken cancellation)
    {
        if (_stream is null)
            await ConnectAsync(cancellation);

        await _stream!.WriteAsync(request, cancellation);
        var status = await ReadLineAsync(cancellation);
        var (length, chunked, close) = (0L, false, false);
        while (await ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = long.Parse(line.AsSpan(15), CultureInfo.InvariantCulture);
            else if (line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase))
                chunked = true;
            else if (line.StartsWith("Connection: close", StringComparison.OrdinalIgnoreCase))
                close = true;
        }

        if (!isHead)
        {
            await SkipAsync(length, cancellation);
            while (chunked)
            {
                var size = long.Parse(await ReadLineAsync(cancellation), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                await SkipAsync(size + 2, cancellation);
                chunked = size > 0;
            }
        }

        if (close)
            await DisposeAsync();

        return int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();

        _client?.Dispose();
        (_client, _stream) = (null, null);
    }

    async Task ConnectAsync(CancellationToken cancellation)
    {
        _client = new TcpClient { NoDelay = true };
        await _client.ConnectAsync(server, cancellation);
        _stream = _client.GetStream();
        (_start, _end) = (0, 0);
    }

    async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
                await FillAsync(cancellation);

            var c = (char)_buffer[_start++];
            if (c == '\n')
                return line.ToString();

            if (c != '\r')
                line.Append(c);
        }
    }

    async Task SkipAsync(long count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (_start == _end)
                await FillAsync(cancellation);

            var taken = (int)Math.Min(count, _end - _start);
            _start += taken;
            count -= taken;
        }
    }

    async Task FillAsync(CancellationToken cancellation)
    {
        (_start, _end) = (0, await _stream!.ReadAsync(_buffer, cancellation));
        if (_end == 0)
            throw new IOException("The server closed the connection without a complete answer.");
    }
}
