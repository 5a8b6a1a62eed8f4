using System.Buffers.Text;

namespace QStash.Client;

/// <summary>
/// The token of a delivery whose body is still to be verified: <see cref="QStashSignatureVerifier.VerifyToken"/> makes it, and
/// <see cref="QStashSignatureVerifier.VerifyBody"/> takes it. The default value accepts no body.
/// </summary>
public readonly struct QStashVerifiedToken
{
    readonly BodyHashText _bodyHash;

    internal QStashVerifiedToken(in Claims claims)
    {
        _bodyHash = claims.BodyHash;
        Identity = new QStashTokenIdentity(claims.Id, claims.ExpiresAt);
    }

    /// <summary>Tells the token from all others, to notice when it comes again.</summary>
    public QStashTokenIdentity Identity { get; }

    // Compared as text, like all official verifiers do, padding aside. It is no secret: the token shows it.
    internal bool IsFor(ReadOnlySpan<byte> bodySha256)
    {
        Span<byte> expected = stackalloc byte[BodyHashText.Length];
        Base64Url.EncodeToUtf8(bodySha256, expected);
        return expected.SequenceEqual(_bodyHash);
    }
}
