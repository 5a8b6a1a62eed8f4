using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace QStash.Client;

/// <summary>
/// Both keys that may sign a delivery. A pair with a missing key cannot be created, so a verifier cannot fail open. <see cref="ToString"/>
/// and the debugger do not show the keys.
/// </summary>
[DebuggerDisplay("redacted")]
public sealed class QStashSigningKeyPair
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    readonly ThreadLocal<IncrementalHash> _current;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    readonly ThreadLocal<IncrementalHash> _next;

    /// <summary>Creates the pair.</summary>
    /// <param name="current">The key in use, the whole text including <c>sig_</c> (<c>QSTASH_CURRENT_SIGNING_KEY</c>).</param>
    /// <param name="next">The key after the next rotation (<c>QSTASH_NEXT_SIGNING_KEY</c>).</param>
    /// <exception cref="ArgumentException">
    /// A key is missing or cannot be a key: it contains quotes or blanks, or is a token or a placeholder.
    /// </exception>
    public QStashSigningKeyPair(string current, string next)
    {
        _current = Hash(Bytes(current, nameof(current), QStashSettings.CurrentSigningKeyVariable));
        _next = Hash(Bytes(next, nameof(next), QStashSettings.NextSigningKeyVariable));
    }

    /// <summary>Shows the type, never the keys.</summary>
    public override string ToString() => nameof(QStashSigningKeyPair);

    // During a rotation the receiver's next key is already the server's current one, so both are accepted.
    internal bool Signed(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature) =>
        Matches(_current, input, signature) || Matches(_next, input, signature);

    static bool Matches(ThreadLocal<IncrementalHash> key, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var hash = key.Value!;
        hash.AppendData(input);
        hash.GetHashAndReset(expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }

    // Setting the key up costs as much as the hash itself, so each thread does it once.
    static ThreadLocal<IncrementalHash> Hash(byte[] key) => new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));

    static byte[] Bytes(string key, string parameter, string variable)
    {
        if (string.IsNullOrWhiteSpace(key))
            throw new ArgumentException($"The {parameter} signing key is missing. Set {variable}; the QStash console shows it.", parameter);

        if (QStashSecret.FindSigningKeyProblem(key) is { } problem)
            throw new ArgumentException(
                $"The {parameter} signing key {problem}. Copy {variable} again from the QStash console.", parameter);

        return Encoding.ASCII.GetBytes(key);
    }
}
