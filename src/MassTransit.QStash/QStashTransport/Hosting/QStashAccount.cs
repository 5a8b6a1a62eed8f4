using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The account at QStash: the address of its API, and its secrets, which are never shown.
/// </summary>
sealed class QStashAccount(QStashTransportOptions options)
{
    public Uri ApiUrl => options.Url ?? QStashClientOptions.DefaultUrl;
    public string? Token => options.Token;

    /// <summary>Whether it is the account of a local emulator, whose secrets are public.</summary>
    public bool IsEmulator => options.UseEmulator ?? false;

    /// <summary>The region that messages are published to, read from the address of the API.</summary>
    public string Region => ApiUrl.Host switch
    {
        var host when host == QStashClientOptions.DefaultUrl.Host => QStashRegion.EuCentral1,
        var host when host == QStashRegion.GetUrl(QStashRegion.EuCentral1).Host => QStashRegion.EuCentral1,
        var host when host == QStashRegion.GetUrl(QStashRegion.UsEast1).Host => QStashRegion.UsEast1,
        _ => "unknown",
    };

    /// <summary>The names of the secrets, never their values.</summary>
    public IEnumerable<string> KeyNames => options.RegionSigningKeys.Keys.Select(region => $"signing keys of {region}")
        .Concat(IsEmulator ? ["the emulator's public token and signing keys"] : ["token", "current signing key", "next signing key"]);

    /// <summary>Whether both are the same account in the same region.</summary>
    public bool IsSameAs(QStashAccount other) => Token == other.Token && ApiUrl == other.ApiUrl;

    public DeliveryVerifiers CreateVerifiers(TimeProvider timeProvider, TimeSpan tolerance) => new(
        new QStashSignatureVerifier(new QStashSigningKeyPair(options.CurrentSigningKey!, options.NextSigningKey!), timeProvider, tolerance),
        options.RegionSigningKeys.ToDictionary(
            pair => pair.Key,
            pair => new QStashSignatureVerifier(new QStashSigningKeyPair(pair.Value.Current, pair.Value.Next), timeProvider, tolerance)));

    public AccountProof CreateProof() => new(
        [options.CurrentSigningKey!, options.NextSigningKey!, Token!],
        options.RegionSigningKeys.Values.SelectMany(keys => (string[])[keys.Current, keys.Next]));

    /// <summary>Whether deliveries signed with a key are accepted.</summary>
    public bool HasSigningKey(string key) => key == options.CurrentSigningKey || key == options.NextSigningKey
        || options.RegionSigningKeys.Values.Any(keys => key == keys.Current || key == keys.Next);
}
