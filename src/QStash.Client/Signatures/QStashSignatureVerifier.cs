using System.Buffers.Text;
using System.Security.Cryptography;

namespace QStash.Client;

/// <summary>
/// Verifies the <c>Upstash-Signature</c> of a delivery. Thread-safe. It allocates nothing for requests that are not signed by QStash.
/// </summary>
/// <remarks>
/// <para>
/// A token may have at most 8192 characters, and its signature must be canonical Base64url. The algorithm is always HS256, whatever the
/// header says; a header that does not name it is refused. Once the signature is proven, the claims <c>iss</c>, <c>sub</c>, <c>exp</c>,
/// <c>nbf</c> and <c>body</c> must be there, and the times must be whole numbers. A token expires exactly at <c>exp</c> plus the tolerance.
/// <c>exp</c> must be at most an hour ahead; QStash sets it 5 minutes ahead. The values of <c>iat</c>, <c>jti</c> and <c>aud</c> are not
/// checked: QStash sends an empty audience, and each attempt has its own <c>jti</c>.
/// </para>
/// <para>The signature does not cover request headers, so nothing there is proven to come from QStash.</para>
/// </remarks>
public sealed class QStashSignatureVerifier
{
    /// <summary>The default tolerance for differences between clocks: 5 seconds.</summary>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromSeconds(5);

    static readonly TimeSpan LargestTolerance = TimeSpan.FromMinutes(5);

    readonly QStashSigningKeyPair _keys;
    readonly TimeProvider _time;
    readonly TimeSpan _tolerance;

    /// <summary>Creates the verifier.</summary>
    /// <param name="keys">The current key is tried first, then the next one.</param>
    /// <param name="timeProvider">Clock. Default: the system clock.</param>
    /// <param name="tolerance">
    /// By how much the clocks may differ in both directions, from zero to 5 minutes. Default <see cref="DefaultTolerance"/>.
    /// </param>
    public QStashSignatureVerifier(QStashSigningKeyPair keys, TimeProvider? timeProvider = null, TimeSpan? tolerance = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (tolerance < TimeSpan.Zero || tolerance > LargestTolerance)
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance,
                "The tolerance must be from zero to 5 minutes; more would undo the expiry.");

        _keys = keys;
        _time = timeProvider ?? TimeProvider.System;
        _tolerance = tolerance ?? DefaultTolerance;
    }

    /// <summary>Verifies a delivery.</summary>
    /// <param name="signature">Value of the <c>Upstash-Signature</c> header; empty when it is missing.</param>
    /// <param name="body">The body as received, before any parsing.</param>
    /// <param name="url">
    /// The URL the message was published to, character by character: the public one, with its query, never the internal one
    /// behind a proxy.
    /// </param>
    public QStashSignatureResult Verify(ReadOnlySpan<char> signature, ReadOnlySpan<byte> body, ReadOnlySpan<char> url)
    {
        var result = VerifyToken(signature, url, out var token);

        // Check the token first, so that a stranger cannot make us hash large bodies.
        if (result != QStashSignatureResult.Valid)
            return result;

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Compare(token, hash);
    }

    /// <summary>Verifies a delivery whose body was hashed while it was read.</summary>
    /// <param name="signature">Value of the <c>Upstash-Signature</c> header; empty when it is missing.</param>
    /// <param name="bodySha256">SHA-256 of the body as received, 32 bytes.</param>
    /// <param name="url">The public URL the message was published to, character by character.</param>
    /// <exception cref="ArgumentException"><paramref name="bodySha256"/> does not have 32 bytes.</exception>
    public QStashSignatureResult VerifyHash(ReadOnlySpan<char> signature, ReadOnlySpan<byte> bodySha256, ReadOnlySpan<char> url)
    {
        ThrowIfNoHash(bodySha256);

        var result = VerifyToken(signature, url, out var token);
        return result == QStashSignatureResult.Valid ? Compare(token, bodySha256) : result;
    }

    /// <summary>
    /// Verifies everything of a delivery except its body, so that the body of a stranger is never read.
    /// <see cref="QStashSignatureResult.Valid"/> does not accept the delivery: read the body, then call <see cref="VerifyBody"/>.
    /// </summary>
    /// <param name="signature">Value of the <c>Upstash-Signature</c> header; empty when it is missing.</param>
    /// <param name="url">The public URL the message was published to, character by character.</param>
    /// <param name="token">The token to verify the body with if the result is valid; otherwise the default, which accepts no body.</param>
    /// <param name="keepsId">
    /// Whether to read the id of the token, which allocates a string. Default: false.
    /// </param>
    public QStashSignatureResult VerifyToken(ReadOnlySpan<char> signature, ReadOnlySpan<char> url, out QStashVerifiedToken token,
        bool keepsId = false)
    {
        var result = ReadToken(signature, url, keepsTexts: keepsId, out var claims);
        token = result == QStashSignatureResult.Valid ? new QStashVerifiedToken(claims) : default;
        return result;
    }

    /// <summary>Verifies the body that came with a token.</summary>
    /// <param name="token">The token, verified before the body was read.</param>
    /// <param name="bodySha256">SHA-256 of the body as received, 32 bytes.</param>
    /// <returns>
    /// <see cref="QStashSignatureResult.Valid"/>, <see cref="QStashSignatureResult.BodyMismatch"/>, or
    /// <see cref="QStashSignatureResult.Expired"/> when the body took longer than the token lives.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="bodySha256"/> does not have 32 bytes.</exception>
    public QStashSignatureResult VerifyBody(in QStashVerifiedToken token, ReadOnlySpan<byte> bodySha256)
    {
        ThrowIfNoHash(bodySha256);

        if (_time.GetUtcNow() - token.Identity.ExpiresAt >= _tolerance)
            return QStashSignatureResult.Expired;

        return Compare(token, bodySha256);
    }

    /// <summary>
    /// Tells more about a delivery whose token was refused, for a log. It gives details only from tokens that QStash certainly signed. The
    /// result never makes a delivery acceptable.
    /// </summary>
    /// <param name="signature">Value of the <c>Upstash-Signature</c> header; empty when it is missing.</param>
    /// <param name="url">The public URL the message was to be published to, character by character.</param>
    public QStashRefusal Explain(ReadOnlySpan<char> signature, ReadOnlySpan<char> url)
    {
        var result = ReadToken(signature, url, keepsTexts: true, out var claims);
        var now = _time.GetUtcNow();

        return result switch
        {
            QStashSignatureResult.InvalidSubject when claims.CheckTimes(now, _tolerance) == QStashSignatureResult.Valid =>
                new(result, claims.Subject, null),
            QStashSignatureResult.Expired or QStashSignatureResult.NotYetValid or QStashSignatureResult.LifetimeTooLong =>
                new(result, null, claims.GetAge(now)),
            _ => new(result, null, null),
        };
    }

    static QStashSignatureResult Compare(in QStashVerifiedToken token, ReadOnlySpan<byte> bodySha256) =>
        token.IsFor(bodySha256) ? QStashSignatureResult.Valid : QStashSignatureResult.BodyMismatch;

    QStashSignatureResult ReadToken(ReadOnlySpan<char> signature, ReadOnlySpan<char> url, bool keepsTexts, out Claims claims)
    {
        claims = default;
        if (signature.IsWhiteSpace())
            return QStashSignatureResult.Missing;
        if (signature.Length > CompactToken.MaxLength)
            return QStashSignatureResult.Malformed;

        Span<byte> text = stackalloc byte[signature.Length];
        var token = CompactToken.Split(signature, text);

        var header = TokenHeader.Check(token.Header);
        if (header != QStashSignatureResult.Valid)
            return header;

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!CompactToken.TryDecodeSignature(token.Signature, mac))
            return QStashSignatureResult.Malformed;
        if (!_keys.Signed(token.SigningInput, mac))
            return QStashSignatureResult.InvalidSignature;

        Span<byte> payload = stackalloc byte[Base64Url.GetMaxDecodedLength(token.Payload.Length)];
        if (!Claims.TryRead(CompactToken.Decode(token.Payload, payload), url, keepsTexts, out claims))
            return QStashSignatureResult.Malformed;

        return claims.Check(_time.GetUtcNow(), _tolerance);
    }

    static void ThrowIfNoHash(ReadOnlySpan<byte> bodySha256)
    {
        if (bodySha256.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException("A SHA-256 hash has 32 bytes. Pass the raw hash, not its text.", nameof(bodySha256));
    }
}
