namespace QStash.Client;
/// <summary>TBD</summary>
public sealed class QStashSignatureVerifier(QStashSigningKeyPair keys, TimeProvider? timeProvider = null, TimeSpan? tolerance = null)
{
    /// <summary>TBD</summary>
    public QStashSignatureResult Verify(ReadOnlySpan<char> signature, ReadOnlySpan<byte> body, ReadOnlySpan<char> url) => throw new NotImplementedException($"{keys}{timeProvider}{tolerance}");
    /// <summary>TBD</summary>
    public QStashSignatureResult VerifyHash(ReadOnlySpan<char> signature, ReadOnlySpan<byte> bodySha256, ReadOnlySpan<char> url) => throw new NotImplementedException();
}
