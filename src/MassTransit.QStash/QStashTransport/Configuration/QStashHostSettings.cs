using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Receiving;
using MassTransit.QStashTransport.Topology;
using QStash.Client;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// The settings of a bus as far as they are known: options first, then what the code sets. Checked as a whole before the bus
/// is built, so that one error lists everything that is missing.
/// </summary>
sealed class QStashHostSettings : IQStashHostConfigurator, ISpecification
{
    public const int DefaultMaxBodySize = 10 * 1024 * 1024;
    public const string DefaultPathPrefix = "qstash";

    static readonly TimeSpan DefaultDirectoryCacheDuration = TimeSpan.FromSeconds(30);
    static readonly TimeSpan DefaultMaxRateLimitWait = new QStashClientOptions().MaxRateLimitWait;

    const string PublicKeys = "the keys of the local development server are public and would let anybody send messages. "
        + "Use the keys of your QStash account, or UseEmulator() for development";

    readonly Dictionary<string, QStashSigningKeys> _regionSigningKeys = new(StringComparer.Ordinal);
    readonly Dictionary<string, Uri> _routes = new(StringComparer.Ordinal);
    Uri? _baseAddress;
    bool _coalescesSends = true;
    string? _currentSigningKey;
    int _maxBodySize = DefaultMaxBodySize;
    TimeSpan _maxRateLimitWait = DefaultMaxRateLimitWait;
    Uri? _instanceBaseAddress;
    string? _nextSigningKey;
    string _pathPrefix = DefaultPathPrefix;
    string? _serviceName;
    string? _token;
    Uri? _url;

    /// <summary>Deliveries come from a local emulator: addresses need not be public, nor https.</summary>
    public bool IsEmulator { get; private set; }

    /// <summary>Whether a token may come only once.</summary>
    public bool GuardsAgainstReplays { get; private set; }

    public int BodyLimit => _maxBodySize;

    /// <summary>The path prefix without slashes at its ends, empty for none.</summary>
    public string RoutePrefix => _pathPrefix;

    public IReadOnlyDictionary<string, Uri> Routes => _routes;

    /// <summary>The URL group that holds all subscriptions; null when each topic has a group.</summary>
    public string? Directory { get; private set; }

    public TimeSpan DirectoryCacheDuration { get; private set; } = DefaultDirectoryCacheDuration;

    /// <summary>Whether starting the bus makes endpoints members of URL groups.</summary>
    public bool DeploysTopology { get; private set; } = true;

    /// <summary>What marks this service's members of URL groups; without a name its address, which no other service has.</summary>
    public string ServiceIdentity => _serviceName ?? $"{EndpointBase.Authority}{EndpointBase.AbsolutePath}".TrimEnd('/');

    /// <summary>The longest delay the plan allows; null leaves it to QStash.</summary>
    public TimeSpan? LongestDelay { get; private set; }

    /// <summary>Whether what is due later is parked at this service.</summary>
    public bool AllowsRescheduling { get; private set; }

    /// <summary>What each send starts with. Not to be changed once the bus runs.</summary>
    public QStashDeliverySettings DeliverySettings { get; private set; } = new();

    public Uri ApiUrl => _url ?? QStashClientOptions.DefaultUrl;

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

    /// <summary>What the URL of every own endpoint starts with; ends with a slash.</summary>
    public Uri EndpointBase => GetEndpointBase(_baseAddress, nameof(BaseAddress));

    /// <summary>The same for endpoints that only this process has.</summary>
    public Uri InstanceEndpointBase => _instanceBaseAddress is null ? EndpointBase : GetEndpointBase(_instanceBaseAddress, nameof(InstanceBaseAddress));

    /// <summary>Whether it is known that no other process answers there: it was said, or QStash cannot be outside of this machine.</summary>
    public bool LeadsToThisProcess => _instanceBaseAddress is not null || PublicAddress.IsPrivate(EndpointBase);

    public QStashClientOptions CreateClientOptions() => new()
    {
        Url = ApiUrl,
        Token = _token!,
        MaxRateLimitWait = _maxRateLimitWait,
        CoalescePublishes = _coalescesSends,
    };

    public DeliveryVerifiers CreateVerifiers(TimeProvider timeProvider) => new(
        new QStashSignatureVerifier(new QStashSigningKeyPair(_currentSigningKey!, _nextSigningKey!), timeProvider),
        _regionSigningKeys.ToDictionary(
            pair => pair.Key,
            pair => new QStashSignatureVerifier(new QStashSigningKeyPair(pair.Value.Current, pair.Value.Next), timeProvider)));

    /// <summary>Whether deliveries signed with a key are accepted.</summary>
    public bool HasSigningKey(string key) => key == _currentSigningKey || key == _nextSigningKey
        || _regionSigningKeys.Values.Any(keys => key == keys.Current || key == keys.Next);

    public void Apply(QStashTransportOptions options)
    {
        _url = options.Url;
        _token = options.Token;
        _currentSigningKey = options.CurrentSigningKey;
        _nextSigningKey = options.NextSigningKey;
        foreach (var (region, keys) in options.RegionSigningKeys)
            RegionSigningKeys(region, keys.Current, keys.Next);
        _baseAddress = options.BaseAddress;
        _instanceBaseAddress = options.InstanceBaseAddress;
        PathPrefix(options.PathPrefix ?? DefaultPathPrefix);
        MaxBodySize(options.MaxBodySize ?? DefaultMaxBodySize);
        _serviceName = options.ServiceName;
        DeployTopology(options.DeployTopology ?? true);
        Directory = options.Directory;
        LongestDelay = options.MaxDelay;
        AllowsRescheduling = options.AllowRescheduling ?? false;
        DeliverySettings = new QStashDeliverySettings(options.Delivery ?? new());
        MaxRateLimitWait(options.MaxRateLimitWait ?? DefaultMaxRateLimitWait);
        CoalesceSends(options.CoalesceSends ?? true);
    }

    public void Url(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        _url = url;
    }

    public void Token(string token) => _token = token;

    public void SigningKeys(string currentKey, string nextKey) => (_currentSigningKey, _nextSigningKey) = (currentKey, nextKey);

    public void RegionSigningKeys(string region, string currentKey, string nextKey) =>
        _regionSigningKeys[QStashRegion.Normalize(region)] = new QStashSigningKeys { Current = currentKey, Next = nextKey };

    public void BaseAddress(Uri baseAddress)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        _baseAddress = baseAddress;
    }

    public void BaseAddress(string baseAddress) => BaseAddress(new Uri(baseAddress, UriKind.RelativeOrAbsolute));

    public void InstanceBaseAddress(Uri baseAddress)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        _instanceBaseAddress = baseAddress;
    }

    public void PathPrefix(string pathPrefix)
    {
        ArgumentNullException.ThrowIfNull(pathPrefix);
        _pathPrefix = pathPrefix.Trim('/');
    }

    public void MaxBodySize(int bytes) => _maxBodySize = bytes;

    public void UseReplayGuard() => GuardsAgainstReplays = true;

    public void ServiceName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _serviceName = name;
    }

    public void DeployTopology(bool deploy) => DeploysTopology = deploy;

    public void UseDirectory(string urlGroup, TimeSpan? cacheDuration)
    {
        ArgumentNullException.ThrowIfNull(urlGroup);
        (Directory, DirectoryCacheDuration) = (urlGroup, cacheDuration ?? DefaultDirectoryCacheDuration);
    }

    public void MaxDelay(TimeSpan limit) => LongestDelay = limit;

    public void AllowRescheduling() => AllowsRescheduling = true;

    public void Route(string endpointName, Uri address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpointName);
        ArgumentNullException.ThrowIfNull(address);
        _routes[endpointName] = address;
    }

    public void MaxRateLimitWait(TimeSpan wait) => _maxRateLimitWait = wait;

    public void CoalesceSends(bool coalesce) => _coalescesSends = coalesce;

    public void Delivery(Action<QStashDeliverySettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(DeliverySettings);
    }

    public void UseEmulator(Uri? url = null)
    {
        IsEmulator = true;
        // Plain http is what an emulator speaks; the configured address may be that of the real service.
        _url = url ?? (_url is { IsAbsoluteUri: true, Scheme: "http" } ? _url : DevelopmentCredentials.Url);
        _token = DevelopmentCredentials.Token;
        (_currentSigningKey, _nextSigningKey) = (DevelopmentCredentials.CurrentSigningKey, DevelopmentCredentials.NextSigningKey);
    }

    public IEnumerable<ValidationResult> Validate()
    {
        if (string.IsNullOrWhiteSpace(_token))
            yield return Failure("Token", "QSTASH_TOKEN", "the token is missing. Copy it from the QStash console");

        if (string.IsNullOrWhiteSpace(_currentSigningKey))
            yield return Failure("CurrentSigningKey", "QSTASH_CURRENT_SIGNING_KEY", "the current signing key is missing. Copy it from the QStash console");

        if (string.IsNullOrWhiteSpace(_nextSigningKey))
            yield return Failure("NextSigningKey", "QSTASH_NEXT_SIGNING_KEY", "the next signing key is missing; without it deliveries are refused after a key rotation. Copy it from the QStash console");

        if (!string.IsNullOrWhiteSpace(_currentSigningKey) && _currentSigningKey == _nextSigningKey)
            yield return Failure("NextSigningKey", "QSTASH_NEXT_SIGNING_KEY", "the next signing key is the same as the current one, so deliveries would be refused after a key rotation (V2). Copy it from the QStash console");

        // Anybody can sign with the keys of the development servers, they are public (contract section 9 and sharp edge 62).
        if (!IsEmulator && DevelopmentCredentials.IsPublicKey(_currentSigningKey, _nextSigningKey))
            yield return this.Failure("QStash:CurrentSigningKey", PublicKeys);

        foreach (var (region, keys) in _regionSigningKeys)
        {
            if (string.IsNullOrWhiteSpace(keys.Current) || string.IsNullOrWhiteSpace(keys.Next))
                yield return this.Failure($"RegionSigningKeys({region})", "one of the two keys is missing. Copy both from the QStash console (V2)");
            else if (keys.Current == keys.Next)
                yield return this.Failure($"RegionSigningKeys({region})", "both keys are the same, so deliveries would be refused after a key rotation (V2). Copy both from the QStash console");
            else if (!IsEmulator && DevelopmentCredentials.IsPublicKey(keys.Current, keys.Next))
                yield return this.Failure($"RegionSigningKeys({region})", PublicKeys);
        }

        if (!ApiUrl.IsAbsoluteUri || ApiUrl.Scheme is not ("https" or "http") || (ApiUrl.Scheme == "http" && !IsEmulator))
            yield return Failure("Url", "QSTASH_URL", $"'{Show(ApiUrl)}' is not an https address. Use the address of your QStash region, or UseEmulator(url) for a local emulator");

        if (IsEmulator && ApiUrl.IsAbsoluteUri && !PublicAddress.IsPrivate(ApiUrl))
            yield return this.Failure("UseEmulator", $"'{Show(ApiUrl)}' is a public address. With the emulator this service trusts publicly known signing keys, so it must be on this machine or in a private network");

        if (ValidateBaseAddress(_baseAddress, nameof(BaseAddress)) is { } failure)
            yield return failure;

        if (_instanceBaseAddress is not null && ValidateBaseAddress(_instanceBaseAddress, nameof(InstanceBaseAddress)) is { } instanceFailure)
            yield return instanceFailure;

        if (_pathPrefix.Length > 0 && !_pathPrefix.Split('/').All(EndpointName.IsLegal))
            yield return this.Failure("QStash:PathPrefix", $"'{_pathPrefix}' is not a plain path. Use letters, digits, '.', '_' and '-', with '/' between segments");

        if (_maxBodySize <= 0)
            yield return this.Failure("QStash:MaxBodySize", $"{_maxBodySize} is not a size. Give the largest body to accept, in bytes");

        if (LongestDelay <= TimeSpan.Zero)
            yield return this.Failure("QStash:MaxDelay", $"{LongestDelay} is no time to wait. Give the longest delay your plan allows, such as 7.00:00:00");

        if (_maxRateLimitWait < TimeSpan.Zero || _maxRateLimitWait > TimeSpan.FromDays(1))
            yield return this.Failure("QStash:MaxRateLimitWait", $"{_maxRateLimitWait} is not a time to wait. Give zero to one day: the daily limit ends at midnight UTC");

        if (ValidateDelivery() is { } deliveryFailure)
            yield return deliveryFailure;

        if (_serviceName is not null && !UrlGroupName.IsLegal(_serviceName))
            yield return this.Failure("QStash:ServiceName", $"'{_serviceName}' cannot name a service. Use letters, digits, '.', '_' and '-'");

        if (Directory is not null && !UrlGroupName.IsLegal(Directory))
            yield return this.Failure("QStash:Directory", $"'{Directory}' cannot be the name of a URL group. Use letters, digits, '.', '_' and '-'");

        if (DirectoryCacheDuration < TimeSpan.Zero)
            yield return this.Failure("UseDirectory", $"{DirectoryCacheDuration} is not a duration. Give the time for which a publisher may rely on what it has read, or zero to read at each publish");

        foreach (var (name, address) in _routes)
        {
            if (Check(address) is { } problem)
                yield return this.Failure($"Route({name})", $"'{Show(address)}' {problem}");
        }
    }

    ValidationResult? ValidateBaseAddress(Uri? address, string setting)
    {
        var key = $"QStash:{setting}";
        var example = $"Set cfg.Host(h => h.{setting}(new Uri(\"https://orders.example.com\"))) or {key}";

        if (address is null)
            return this.Failure(key, $"the public address of this service is missing: QStash delivers messages to it. {example}");

        if (Check(address) is { } problem)
            return this.Failure(key, $"'{Show(address)}' {problem}. {example}, or UseEmulator() for development");

        return address.Query.Length > 0 || address.Fragment.Length > 0
            ? this.Failure(key, "the address must be a plain scheme, host, port and path, without query or fragment")
            : null;
    }

    ValidationResult? ValidateDelivery()
    {
        const string key = "QStash:Delivery";

        if (DeliverySettings.Delay is not null || DeliverySettings.Method is not null)
            return this.Failure(key, "Delay and Method belong to a single message. Set them where it is sent");

        try
        {
            CallbackRequest.Validate(DeliverySettings);

            return null;
        }
        catch (ArgumentException exception)
        {
            return this.Failure(key, exception.Message);
        }
    }

    Uri GetEndpointBase(Uri? address, string setting)
    {
        if (ValidateBaseAddress(address, setting) is { } failure)
            throw new ConfigurationException($"{failure.Key}: {failure.Message}");

        var text = address!.AbsoluteUri.TrimEnd('/') + "/";

        return new Uri(_pathPrefix.Length == 0 ? text : $"{text}{_pathPrefix}/");
    }

    // Without user and password, should somebody have put them in.
    public static string Show(Uri address) => address.IsAbsoluteUri
        ? address.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped)
        : address.ToString();

    /// <summary>Says what keeps QStash from delivering to an address, or null.</summary>
    public string? Check(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            return "is not an absolute https address";

        if (address.UserInfo.Length > 0)
            return "contains a user name or a password";

        // .NET would send the name as it is written, and neither QStash nor the signature knows it in that form.
        if (address.Host != address.IdnHost && !address.Host.StartsWith('['))
            return $"has a host name that is not ASCII; write it as '{address.IdnHost}'";

        if (IsEmulator)
            return null;

        if (address.Scheme != "https")
            return "is not https: messages and signatures would cross the internet in the clear";

        return PublicAddress.IsPrivate(address) ? "cannot be reached from the internet, where QStash is" : null;
    }

    ValidationResult Failure(string setting, string variable, string message) =>
        this.Failure($"QStash:{setting}", $"{message}, and set it with cfg.Host(h => …), QStash:{setting} or the variable {variable}");
}
