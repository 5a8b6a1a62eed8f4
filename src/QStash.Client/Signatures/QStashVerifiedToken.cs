using System.Buffers.Text;

namespace QStash.Client;

/// <summary>
/// The token of a delivery whose body is still to be verified. <see cref="QStashSignatureVerifier.VerifyToken"/> creates it, and
/// <see cref="QStashSignatureVerifier.VerifyBody"/> uses it. The default value accepts no body.
/// </summary>
public readonly struct QStashVerifiedToken
{
    readonly BodyHashText _bodyHash;

    internal QStashVerifiedToken(in Claims claims)
    {
        _bodyHash = claims.BodyHash;
        Identity = new QStashTokenIdentity(claims.Id, claims.ExpiresAt);
    }

    /// <summary>Identifies the token, to detect when it comes again.</summary>
    public QStashTokenIdentity Identity { get; }

    // Compares the hash as text without padding, like all official verifiers. The hash is no secret, because the token contains it.
    internal bool IsFor(ReadOnlySpan<byte> bodySha256)
    {
        Span<byte> expected = stackalloc byte[BodyHashText.Length];
        Base64Url.EncodeToUtf8(bodySha256, expected);
        return expected.SequenceEqual(_bodyHash);
    }
}
