using QStash.Client;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The verifier for each region whose keys are known, and one for all others.
/// </summary>
sealed class DeliveryVerifiers(QStashSignatureVerifier others, IReadOnlyDictionary<string, QStashSignatureVerifier> regions)
{
    readonly KeyValuePair<string, QStashSignatureVerifier>[] _regions = [.. regions];

    // A region's own keys alone: another region's prove nothing about its deliveries.
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
