using MassTransit.QStashTransport.Receiving;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// The account at QStash: where its API is, and the secrets. They are never shown.
/// </summary>
sealed class QStashAccount : ISpecification
{
    const string PublicKeys = "the keys of the local development server are public and would let anybody send messages. "
        + "Use the keys of your QStash account, or UseEmulator() for development";

    readonly Dictionary<string, QStashSigningKeys> _regionSigningKeys = new(StringComparer.Ordinal);
    string? _currentSigningKey;
    string? _nextSigningKey;

    public Uri ApiUrl { get; set; } = QStashClientOptions.DefaultUrl;
    public string? Token { get; set; }

    /// <summary>Whether it is that of a local emulator, which everybody knows.</summary>
    public bool IsEmulator { get; private set; }

    /// <summary>Whether both are the same account, in the same region.</summary>
    public bool IsSameAs(QStashAccount other) => Token == other.Token && ApiUrl == other.ApiUrl;

    /// <summary>The region that messages are published to, as far as the address of the API tells.</summary>
    public string Region => ApiUrl.Host switch
    {
        var host when host == QStashClientOptions.DefaultUrl.Host || host == QStashRegion.GetUrl(QStashRegion.EuCentral1).Host => QStashRegion.EuCentral1,
        var host when host == QStashRegion.GetUrl(QStashRegion.UsEast1).Host => QStashRegion.UsEast1,
        _ => "unknown",
    };

    /// <summary>Which secrets there are, never what they are.</summary>
    public IEnumerable<string> KeyNames => _regionSigningKeys.Keys.Select(region => $"signing keys of {region}")
        .Concat(IsEmulator ? ["the emulator's public token and signing keys"] : ["token", "current signing key", "next signing key"]);

    public DeliveryVerifiers CreateVerifiers(TimeProvider timeProvider, TimeSpan tolerance) => new(
        new QStashSignatureVerifier(new QStashSigningKeyPair(_currentSigningKey!, _nextSigningKey!), timeProvider, tolerance),
        _regionSigningKeys.ToDictionary(
            pair => pair.Key,
            pair => new QStashSignatureVerifier(new QStashSigningKeyPair(pair.Value.Current, pair.Value.Next), timeProvider, tolerance)));

    public AccountProof CreateProof() => new(
        [_currentSigningKey!, _nextSigningKey!, Token!],
        _regionSigningKeys.Values.SelectMany(keys => (string[])[keys.Current, keys.Next]));

    /// <summary>Whether deliveries signed with a key are accepted.</summary>
    public bool HasSigningKey(string key) => key == _currentSigningKey || key == _nextSigningKey
        || _regionSigningKeys.Values.Any(keys => key == keys.Current || key == keys.Next);

    public void SetSigningKeys(string? currentKey, string? nextKey) => (_currentSigningKey, _nextSigningKey) = (currentKey, nextKey);

    public void SetRegionSigningKeys(string region, string currentKey, string nextKey) =>
        _regionSigningKeys[QStashRegion.Normalize(region)] = new QStashSigningKeys { Current = currentKey, Next = nextKey };

    public void UseEmulator(Uri? url)
    {
        IsEmulator = true;
        // Plain http is what an emulator speaks; the configured address may be that of the real service.
        ApiUrl = url ?? (ApiUrl is { IsAbsoluteUri: true, Scheme: "http" } ? ApiUrl : DevelopmentCredentials.Url);
        Token = DevelopmentCredentials.Token;
        SetSigningKeys(DevelopmentCredentials.CurrentSigningKey, DevelopmentCredentials.NextSigningKey);
    }

    public IEnumerable<ValidationResult> Validate()
    {
        if (string.IsNullOrWhiteSpace(Token))
            yield return Failure("Token", "QSTASH_TOKEN", "the token is missing. Copy it from the QStash console");
        else if (QStashSecret.FindTokenProblem(Token) is { } tokenProblem)
            yield return Failure("Token", "QSTASH_TOKEN", $"the token {tokenProblem}. Copy it again from the QStash console");

        if (string.IsNullOrWhiteSpace(_currentSigningKey))
            yield return Failure("CurrentSigningKey", "QSTASH_CURRENT_SIGNING_KEY", "the current signing key is missing. Copy it from the QStash console");
        else if (QStashSecret.FindSigningKeyProblem(_currentSigningKey) is { } currentProblem)
            yield return Failure("CurrentSigningKey", "QSTASH_CURRENT_SIGNING_KEY", $"the current signing key {currentProblem}. Copy it again from the QStash console");

        if (string.IsNullOrWhiteSpace(_nextSigningKey))
            yield return Failure("NextSigningKey", "QSTASH_NEXT_SIGNING_KEY", "the next signing key is missing; without it deliveries are refused after a key rotation. Copy it from the QStash console");
        else if (QStashSecret.FindSigningKeyProblem(_nextSigningKey) is { } nextProblem)
            yield return Failure("NextSigningKey", "QSTASH_NEXT_SIGNING_KEY", $"the next signing key {nextProblem}. Copy it again from the QStash console");

        if (!string.IsNullOrWhiteSpace(_currentSigningKey) && _currentSigningKey == _nextSigningKey)
            yield return Failure("NextSigningKey", "QSTASH_NEXT_SIGNING_KEY", "the next signing key is the same as the current one, so deliveries would be refused after a key rotation (V2). Copy it from the QStash console");

        // Anybody can sign with the keys of the development servers, they are public (contract section 9 and sharp edge 62).
        if (!IsEmulator && DevelopmentCredentials.IsPublicKey(_currentSigningKey, _nextSigningKey))
            yield return this.Failure("QStash:CurrentSigningKey", PublicKeys);

        foreach (var (region, keys) in _regionSigningKeys)
        {
            if (string.IsNullOrWhiteSpace(keys.Current) || string.IsNullOrWhiteSpace(keys.Next))
                yield return this.Failure($"RegionSigningKeys({region})", "one of the two keys is missing. Copy both from the QStash console (V2)");
            else if ((QStashSecret.FindSigningKeyProblem(keys.Current) ?? QStashSecret.FindSigningKeyProblem(keys.Next)) is { } problem)
                yield return this.Failure($"RegionSigningKeys({region})", $"one of the two keys {problem}. Copy both again from the QStash console");
            else if (keys.Current == keys.Next)
                yield return this.Failure($"RegionSigningKeys({region})", "both keys are the same, so deliveries would be refused after a key rotation (V2). Copy both from the QStash console");
            else if (!IsEmulator && DevelopmentCredentials.IsPublicKey(keys.Current, keys.Next))
                yield return this.Failure($"RegionSigningKeys({region})", PublicKeys);
        }

        if (!ApiUrl.IsAbsoluteUri || ApiUrl.Scheme is not ("https" or "http") || (ApiUrl.Scheme == "http" && !IsEmulator))
            yield return Failure("Url", "QSTASH_URL", $"'{PublicAddress.Show(ApiUrl)}' is not an https address. Use the address of your QStash region, or UseEmulator(url) for a local emulator");

        if (IsEmulator && ApiUrl.IsAbsoluteUri && !PublicAddress.IsPrivate(ApiUrl))
            yield return this.Failure("UseEmulator", $"'{PublicAddress.Show(ApiUrl)}' is a public address. With the emulator this service trusts publicly known signing keys, so it must be on this machine or in a private network");
    }

    ValidationResult Failure(string setting, string variable, string message) =>
        this.Failure($"QStash:{setting}", $"{message}, and set it with cfg.Host(h => …), QStash:{setting} or the variable {variable}");
}
