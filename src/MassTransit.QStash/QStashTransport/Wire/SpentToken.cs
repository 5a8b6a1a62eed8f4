namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The cache entry of a token that was accepted.
/// </summary>
static class SpentToken
{
    public static byte[] Value { get; } = [1];

    /// <param name="tokenId">The id that QStash gave the token.</param>
    public static string Key(string tokenId) => $"qstash-token-{TextHash.Long(tokenId)}";
}
