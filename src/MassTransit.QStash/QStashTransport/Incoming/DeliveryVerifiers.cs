using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// One verifier for each region with known keys, and one for all other regions.
/// </summary>
sealed class DeliveryVerifiers(QStashSignatureVerifier others, IReadOnlyDictionary<string, QStashSignatureVerifier> regions)
{
    readonly KeyValuePair<string, QStashSignatureVerifier>[] _regions = [.. regions];

    // Only the keys of the region itself count: keys of another region prove nothing about its deliveries.
    public QStashSignatureVerifier For(ReadOnlySpan<char> regionHeader)
    {
        foreach (var (region, verifier) in _regions)
        {
            if (QStashRegion.Matches(region, regionHeader))
                return verifier;
        }

        return others;
    }
}
