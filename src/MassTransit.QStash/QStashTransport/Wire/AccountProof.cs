using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Proves that a service of the same account wrote a text that QStash's signature does not cover.
/// </summary>
/// <remarks>
/// A proof has a version, followed by one tag for each secret: the signing keys and the token. A rotation keeps one of the signing keys;
/// the token stays valid for messages that are on their way for longer. One tag that matches is enough. The tags use derived keys, so a tag
/// is not a signature of anything else.
/// </remarks>
sealed class AccountProof
{
    public const string HeaderName = "MassTransit-Proof";

    /// <summary>
    /// Proves the answer of an endpoint that gave a message up: its URL, QStash's id of the message, the body of the answer.
    /// </summary>
    public const string Answer = "answer";

    /// <summary>Proves the headers of a message whose body contains none: the header, the body.</summary>
    public const string Headers = "headers";

    /// <summary>Proves data about a message with callbacks: the data that is not in the message, and its body.</summary>
    public const string Source = "source";

    const int TagSize = 16;
    const int TagLength = 22;

    // A later version may compute the tags differently.
    const string Version = "1";


    static readonly byte[] Derivation = "MassTransit.QStash proof"u8.ToArray();

    // They are derived on first use, because that loads OpenSSL, which takes 4 MiB.
    readonly Lazy<byte[][]> _readingKeys;
    readonly Lazy<byte[][]> _writingKeys;

    /// <param name="secrets">The secrets to create proofs with.</param>
    /// <param name="furtherSecrets">Further secrets whose proofs are accepted.</param>
    public AccountProof(IEnumerable<string> secrets, IEnumerable<string> furtherSecrets)
    {
        string[] writing = [.. secrets];
        string[] further = [.. furtherSecrets];
        _writingKeys = new(() => Array.ConvertAll(writing, Derive));
        _readingKeys = new(() => [.. _writingKeys.Value, .. further.Select(Derive)]);
    }

    /// <param name="purpose">The kind of the proof, so that a proof of one kind is not accepted as another.</param>
    /// <param name="text">The first part.</param>
    /// <param name="bytes">The second part.</param>
    /// <param name="address">A further part, if the proof is valid for one address only.</param>
    public string Create(string purpose, string text, ReadOnlySpan<byte> bytes, string address = "")
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(purpose, address, text, bytes, digest);

        var proof = new StringBuilder(Version, MaxLength);
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];

        foreach (var key in _writingKeys.Value)
        {
            HMACSHA256.HashData(key, digest, tag);
            proof.Append('.').Append(Base64Url.EncodeToString(tag[..TagSize]));
        }

        return proof.ToString();
    }

    /// <summary>Whether a service with one of the secrets created the proof.</summary>
    /// <param name="proof">The result of <see cref="Create"/>, or any other text.</param>
    /// <param name="purpose">The kind of the proof, as for <see cref="Create"/>.</param>
    /// <param name="text">The first part.</param>
    /// <param name="bytes">The second part.</param>
    /// <param name="address">A further part.</param>
    public bool IsValid(string? proof, string purpose, string text, ReadOnlySpan<byte> bytes, string address = "")
    {
        // Accept no more tags than are ever written, because a stranger must not be able to cause much work.
        if (proof is null || proof.Length > MaxLength || !proof.StartsWith($"{Version}.", StringComparison.Ordinal))
            return false;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(purpose, address, text, bytes, digest);

        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<char> expected = stackalloc char[TagLength];
        var isValid = false;

        foreach (var key in _readingKeys.Value)
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

    int MaxLength => Version.Length + (_writingKeys.Value.Length * (TagLength + 1));

    static byte[] Derive(string secret) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Derivation);

    static void Digest(string purpose, string address, string text, ReadOnlySpan<byte> bytes, Span<byte> digest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];

        // The length of each part comes first. Without it, the end of one part could be the beginning of the next.
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
