using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Proves that a text was written by a service of the own account, where QStash's signature does not cover it.
/// </summary>
/// <remarks>
/// A proof has a version, and then a tag for each secret: the signing keys, of which a rotation leaves one, and the token, which
/// outlives them where a message is on its way for long. One tag that fits is enough. The keys of the tags are derived, so a tag is no
/// signature of anything else.
/// </remarks>
sealed class AccountProof
{
    public const string HeaderName = "MassTransit-Proof";

    /// <summary>Of an endpoint that gave a message up: its URL, QStash's id of the message, the body of its answer.</summary>
    public const string Answer = "answer";

    /// <summary>Of headers beside a body that has none itself: the header, the body.</summary>
    public const string Headers = "headers";

    /// <summary>Of a message that wants callbacks: what it does not say of itself, its body.</summary>
    public const string Source = "source";

    const int TagSize = 16;
    const int TagLength = 22;

    // Another version has other tags.
    const string Version = "1";


    static readonly byte[] Derivation = "MassTransit.QStash proof"u8.ToArray();

    readonly byte[][] _readingKeys;
    readonly byte[][] _writingKeys;

    /// <param name="secrets">Those to write with.</param>
    /// <param name="furtherSecrets">Those to accept besides.</param>
    public AccountProof(IEnumerable<string> secrets, IEnumerable<string> furtherSecrets)
    {
        _writingKeys = [.. secrets.Select(Derive)];
        _readingKeys = [.. _writingKeys, .. furtherSecrets.Select(Derive)];
    }

    /// <param name="purpose">What is proven, so that a proof of one thing is none of another.</param>
    /// <param name="text">The first part.</param>
    /// <param name="bytes">The second part.</param>
    /// <param name="address">A further part, where the proof holds at one address only.</param>
    public string Create(string purpose, string text, ReadOnlySpan<byte> bytes, string address = "")
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(purpose, address, text, bytes, digest);

        var proof = new StringBuilder(Version, MaxLength);
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];

        foreach (var key in _writingKeys)
        {
            HMACSHA256.HashData(key, digest, tag);
            proof.Append('.').Append(Base64Url.EncodeToString(tag[..TagSize]));
        }

        return proof.ToString();
    }

    /// <summary>Whether a service with one of the secrets wrote this.</summary>
    /// <param name="proof">What <see cref="Create"/> made, or anything else.</param>
    /// <param name="purpose">As for <see cref="Create"/>, like all that follows.</param>
    /// <param name="text">The first part.</param>
    /// <param name="bytes">The second part.</param>
    /// <param name="address">A further part.</param>
    public bool IsValid(string? proof, string purpose, string text, ReadOnlySpan<byte> bytes, string address = "")
    {
        // As many tags as are ever written, and no more: a stranger must not make this work.
        if (proof is null || proof.Length > MaxLength || !proof.StartsWith($"{Version}.", StringComparison.Ordinal))
            return false;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(purpose, address, text, bytes, digest);

        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<char> expected = stackalloc char[TagLength];
        var isValid = false;

        foreach (var key in _readingKeys)
        {
            HMACSHA256.HashData(key, digest, tag);
            Base64Url.EncodeToChars(tag[..TagSize], expected);

            foreach (var range in proof.AsSpan().Split('.'))
            {
                var given = MemoryMarshal.AsBytes(proof.AsSpan()[range]);
                isValid |= CryptographicOperations.FixedTimeEquals(given, MemoryMarshal.AsBytes<char>(expected));
            }
        }

        return isValid;
    }

    int MaxLength => Version.Length + (_writingKeys.Length * (TagLength + 1));

    static byte[] Derive(string secret) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Derivation);

    static void Digest(string purpose, string address, string text, ReadOnlySpan<byte> bytes, Span<byte> digest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];

        // With its length before each part, for what ends one could begin the next.
        foreach (var part in (ReadOnlySpan<string>)[purpose, address, text])
        {
            var utf8 = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, utf8.Length);
            hash.AppendData(length);
            hash.AppendData(utf8);
        }

        hash.AppendData(bytes);
        hash.GetHashAndReset(digest);
    }
}
