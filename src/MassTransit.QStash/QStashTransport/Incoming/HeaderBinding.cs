using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// Binds each token to the headers it first came with. The signature does not cover headers, but QStash signs each attempt anew, so a token
/// that comes again with other headers was captured. A delivery that comes again unchanged is a replay, which <see cref="ReplayGuard"/>
/// handles.
/// </summary>
sealed class HeaderBinding(TimeProvider timeProvider)
{
    // Some 10 MB when full. It is enough for 400 deliveries a second over five minutes, the life of a token. If there are more, the oldest
    // are forgotten.
    const int MostTokens = 128 * 1024;

    const int SignatureLength = 43;

    const int UsualSize = 2048;

    // If a token is forgotten too early, a copy of it would pass. Keeping it longer does no harm.
    static readonly TimeSpan LongestTolerance = TimeSpan.FromMinutes(5);

    readonly Lock _lock = new();
    readonly Queue<Kept> _oldest = new();
    readonly Dictionary<Digest, Digest> _tokens = [];

    /// <summary>Whether a token may come with these headers.</summary>
    /// <param name="signature">The text of the token, verified.</param>
    /// <param name="token">The verified id and expiry of the token.</param>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="contentEncoding">
    /// The encoding of the body. It is a separate argument, because the header may have been removed from the request.
    /// </param>
    public bool Admits(ReadOnlySpan<char> signature, in QStashTokenIdentity token, in BoundHeaders headers, string contentEncoding)
    {
        var key = ReadMac(signature);
        var fingerprint = ReadFingerprint(headers, contentEncoding);

        lock (_lock)
        {
            if (_tokens.TryGetValue(key, out var known))
                return known == fingerprint;

            var now = timeProvider.GetUtcNow();
            while (_oldest.TryPeek(out var oldest) && (oldest.ExpiresAt <= now || _tokens.Count >= MostTokens))
                _tokens.Remove(_oldest.Dequeue().Token);

            _tokens.Add(key, fingerprint);
            _oldest.Enqueue(new Kept(key, token.ExpiresAt + LongestTolerance));

            return true;
        }
    }

    // The MAC identifies the token: it depends on the whole token, and the verifier accepts only one spelling of it.
    static Digest ReadMac(ReadOnlySpan<char> signature)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Base64Url.DecodeFromChars(signature[^SignatureLength..], mac, out _, out _);

        return MemoryMarshal.Read<Digest>(mac);
    }

    static Digest ReadFingerprint(in BoundHeaders headers, string contentEncoding)
    {
        var text = ArrayPool<byte>.Shared.Rent(UsualSize);
        var end = 0;
        try
        {
            Append(contentEncoding);

            foreach (ref readonly var values in (ReadOnlySpan<StringValues>)headers)
            {
                foreach (var value in values)
                {
                    Append(value);
                    // No header contains these characters.
                    Append("\0");
                }

                Append("\n");
            }

            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text.AsSpan(0, end), hash);

            return MemoryMarshal.Read<Digest>(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }

        void Append(string? value)
        {
            int written;
            while (!Encoding.UTF8.TryGetBytes(value, text.AsSpan(end), out written))
            {
                var larger = ArrayPool<byte>.Shared.Rent(text.Length * 2);
                text.AsSpan(0, end).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(text);
                text = larger;
            }

            end += written;
        }
    }

    // The first half of a hash. It is not a UInt128, because methods that use one are not compiled ahead.
    readonly record struct Digest(ulong First, ulong Second);

    readonly record struct Kept(Digest Token, DateTimeOffset ExpiresAt);
}
