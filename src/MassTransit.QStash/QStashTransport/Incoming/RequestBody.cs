using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The raw body of a request, which the signature covers. It is read once into pooled memory, and hashed while it is read.
/// </summary>
sealed class RequestBody : IDisposable
{
    byte[] _buffer = [];
    BodyHash _hash;
    int _size;

    /// <summary>
    /// Reads the whole body; returns false as soon as it exceeds the limit.
    /// </summary>
    /// <exception cref="IOException">The body ends early, or arrives more slowly than the server allows.</exception>
    public ValueTask<bool> TryRead(HttpRequest request, int maxSize, CancellationToken cancellationToken)
    {
        // The limit of our setting counts, not that of the server.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
            serverLimit.MaxRequestBodySize = null;

        return TryFill(request.BodyReader, maxSize, cancellationToken);
    }

    public QStashSignatureResult Verify(QStashSignatureVerifier verifier, in QStashVerifiedToken token) =>
        verifier.VerifyBody(token, _hash);

    /// <summary>A copy of the body that may be kept for any time: it uses no pooled memory.</summary>
    public MessageBody ToMessageBody(string? contentType)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _size);
        if (JsonBody.IsJson(contentType))
            bytes = JsonBody.WithoutByteOrderMark(bytes);

        return (MessageBody?)JsonBody.TryParse(contentType, bytes) ?? new BytesMessageBody(bytes.ToArray());
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    async ValueTask<bool> TryFill(PipeReader reader, int maxSize, CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);

        // Most bodies arrive in one piece.
        if (read.IsCompleted)
        {
            var fits = TryAppend(reader, read.Buffer, maxSize);
            SHA256.HashData(_buffer.AsSpan(0, _size), _hash);

            return fits;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        while (true)
        {
            var before = _size;
            if (!TryAppend(reader, read.Buffer, maxSize))
                return false;

            hash.AppendData(_buffer, before, _size - before);

            if (read.IsCompleted)
            {
                hash.GetHashAndReset(_hash);
                return true;
            }

            read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    bool TryAppend(PipeReader reader, in ReadOnlySequence<byte> arrived, int maxSize)
    {
        var fits = arrived.Length <= maxSize - _size;
        if (fits)
        {
            EnsureCapacity(_size + (int)arrived.Length);
            arrived.CopyTo(_buffer.AsSpan(_size));
            _size += (int)arrived.Length;
        }

        reader.AdvanceTo(arrived.End);

        return fits;
    }

    // The memory grows with the bytes that arrive, not with the claimed length, because the token may have been captured.
    void EnsureCapacity(int size)
    {
        if (size <= _buffer.Length)
            return;

        // The lengths of the pool's arrays are powers of two, so this one is at least twice as long.
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _size).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
