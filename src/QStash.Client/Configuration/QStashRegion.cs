namespace QStash.Client;

/// <summary>
/// The regions of QStash, named as in their environment variables. They share nothing: each has its own token, signing keys,
/// messages and URL groups.
/// </summary>
public static class QStashRegion
{
    /// <summary>Frankfurt, the default region.</summary>
    public const string EuCentral1 = "EU_CENTRAL_1";

    /// <summary>Virginia.</summary>
    public const string UsEast1 = "US_EAST_1";

    static readonly string[] All = [EuCentral1, UsEast1];

    /// <summary>Converts a name in any case, with <c>-</c> or <c>_</c>, to the form of the environment variables.</summary>
    /// <exception cref="ArgumentException">QStash has no such region.</exception>
    public static string Normalize(string region) =>
        All.FirstOrDefault(known => Matches(known, region))
        ?? throw new ArgumentException($"'{region}' is not a region of QStash. Use {EuCentral1} or {UsEast1}.", nameof(region));

    /// <summary>The base URL of the region's API.</summary>
    /// <exception cref="ArgumentException">QStash has no such region.</exception>
    public static Uri GetUrl(string region) => Normalize(region) switch
    {
        EuCentral1 => new Uri("https://qstash-eu-central-1.upstash.io"),
        _ => new Uri("https://qstash-us-east-1.upstash.io")
    };

    /// <summary>
    /// Whether the <c>Upstash-Region</c> header of a delivery names a region. Use it only to choose a
    /// <see cref="QStashSignatureVerifier"/>, because the header is not signed.
    /// </summary>
    /// <param name="region">A normalized name.</param>
    /// <param name="header">The header, for example <c>US-EAST-1</c>.</param>
    public static bool Matches(string region, ReadOnlySpan<char> header)
    {
        ArgumentNullException.ThrowIfNull(region);

        if (region.Length != header.Length)
            return false;

        for (var i = 0; i < region.Length; i++)
        {
            if (region[i] != (header[i] == '-' ? '_' : char.ToUpperInvariant(header[i])))
                return false;
        }

        return true;
    }

    internal static IReadOnlyList<string> Known => All;
}
