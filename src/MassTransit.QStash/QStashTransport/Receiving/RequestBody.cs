using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// Reads the raw body of a request, as the signature covers it (P3, V8), and hashes it meanwhile.
/// </summary>
static class RequestBody
{
    const int InitialSize = 16 * 1024;

    /// <summary>
    /// Reads the whole body, or returns null as soon as it turns out larger than the limit.
    /// </summary>
    /// <exception cref="IOException">The body breaks off, or comes more slowly than the server allows.</exception>
    public static async ValueTask<ReceivedBody?> Read(HttpRequest request, int maxSize, CancellationToken cancellationToken)
    {
        // The limit of the setting counts, not the server's own.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
            serverLimit.MaxRequestBodySize = null;

        var reader = request.BodyReader;
        var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);

        // Small bodies arrive with their headers, and need no memory but their own.
        return read.IsCompleted
            ? ReadAll(reader, read.Buffer, maxSize)
            : await ReadOn(reader, read, maxSize, cancellationToken).ConfigureAwait(false);
    }

    static ReceivedBody? ReadAll(PipeReader reader, in ReadOnlySequence<byte> buffer, int maxSize)
    {
        ReceivedBody? body = null;

        if (buffer.Length <= maxSize)
        {
            var bytes = buffer.ToArray();
            BodyHash hash = default;
            SHA256.HashData(bytes, hash);
            body = new ReceivedBody(bytes, hash);
        }

        reader.AdvanceTo(buffer.End);

        return body;
    }

    static async ValueTask<ReceivedBody?> ReadOn(PipeReader reader, ReadResult read, int maxSize, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Memory follows what arrives, not what is claimed: the token may have been captured.
        var buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
        try
        {
            var size = 0;

            while (true)
            {
                var isTooLarge = read.Buffer.Length > maxSize - size;
                if (!isTooLarge)
                {
                    foreach (var segment in read.Buffer)
                    {
                        if (segment.Length > buffer.Length - size)
                            buffer = Grow(buffer, size, segment.Length);

                        segment.Span.CopyTo(buffer.AsSpan(size));
                        hash.AppendData(segment.Span);
                        size += segment.Length;
                    }
                }

                reader.AdvanceTo(read.Buffer.End);

                if (isTooLarge)
                    return null;
                if (read.IsCompleted)
                    return Finish(buffer.AsSpan(0, size), hash);

                read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static ReceivedBody Finish(ReadOnlySpan<byte> bytes, IncrementalHash hash)
    {
        BodyHash sha256 = default;
        hash.GetHashAndReset(sha256);

        return new ReceivedBody(bytes.ToArray(), sha256);
    }

    static byte[] Grow(byte[] buffer, int size, int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, size + more));

        buffer.AsSpan(0, size).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);

        return larger;
    }
}
