using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MassTransit.QStashTransport.Receiving;

/// <summary>
/// Reads the raw body of a request, as the signature covers it (P3, V8).
/// </summary>
static class RequestBody
{
    const int InitialSize = 16 * 1024;

    /// <summary>
    /// Reads the whole body, or returns null as soon as it turns out larger than the limit.
    /// </summary>
    /// <exception cref="IOException">The body breaks off, or comes more slowly than the server allows.</exception>
    public static async ValueTask<byte[]?> Read(HttpRequest request, int maxSize, CancellationToken cancellationToken)
    {
        // The limit of the setting counts, not the server's own.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
            serverLimit.MaxRequestBodySize = null;

        // Memory follows what arrives, not what is claimed: the token may have been captured.
        var buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
        try
        {
            var size = 0;

            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(size), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    return buffer.AsSpan(0, size).ToArray();

                size += read;
                if (size > maxSize)
                    return null;

                if (size == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);

        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);

        return larger;
    }
}
