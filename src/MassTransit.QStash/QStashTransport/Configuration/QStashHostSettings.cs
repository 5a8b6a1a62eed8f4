using MassTransit.QStashTransport.Callbacks;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// The settings of a bus as far as they are known: options first, then what the code sets. Checked as a whole before the bus
/// is built, so that one error lists everything that is missing.
/// </summary>
sealed class QStashHostSettings : IQStashHostConfigurator, ISpecification
{
    public const int DefaultMaxBodySize = 10 * 1024 * 1024;

    static readonly TimeSpan DefaultDirectoryCacheDuration = TimeSpan.FromSeconds(30);
    static readonly TimeSpan DefaultMaxRateLimitWait = new QStashClientOptions().MaxRateLimitWait;

    bool _coalescesSends = true;
    int _maxBodySize = DefaultMaxBodySize;
    TimeSpan _maxRateLimitWait = DefaultMaxRateLimitWait;
    string? _serviceName;

    public QStashAccount Account { get; } = new();
    public QStashAddresses Addresses { get; } = new();

    /// <summary>Whether a token may come only once.</summary>
    public bool GuardsAgainstReplays { get; private set; }

    public int BodyLimit => _maxBodySize;

    /// <summary>By how much the clocks of QStash and of this service may differ.</summary>
    public TimeSpan ToleratedClockDifference { get; private set; } = QStashSignatureVerifier.DefaultTolerance;

    /// <summary>The URL group that holds all subscriptions; null when each topic has a group.</summary>
    public string? Directory { get; private set; }

    public TimeSpan DirectoryCacheDuration { get; private set; } = DefaultDirectoryCacheDuration;

    /// <summary>How long it is relied on where the endpoints of other services are.</summary>
    public TimeSpan EndpointNameDuration => DirectoryCacheDuration > DefaultDirectoryCacheDuration ? DirectoryCacheDuration : DefaultDirectoryCacheDuration;

    /// <summary>Whether starting the bus makes endpoints members of URL groups.</summary>
    public bool DeploysTopology { get; private set; } = true;

    /// <summary>What marks this service's members of URL groups; without a name its address, which no other service has.</summary>
    public string ServiceIdentity => _serviceName ?? $"{Addresses.EndpointBase.Authority}{Addresses.EndpointBase.AbsolutePath}".TrimEnd('/');

    /// <summary>Whether there is anything that marks this service, and no other.</summary>
    public bool HasIdentity => _serviceName is not null || !Addresses.AreMissing;

    /// <summary>The longest delay the plan allows; null leaves it to QStash.</summary>
    public TimeSpan? LongestDelay { get; private set; }

    /// <summary>What each send starts with. Not to be changed once the bus runs.</summary>
    public QStashDeliverySettings DeliverySettings { get; private set; } = new();

    public QStashClientOptions CreateClientOptions() => new()
    {
        Url = Account.ApiUrl,
        Token = Account.Token!,
        MaxRateLimitWait = _maxRateLimitWait,
        CoalescePublishes = _coalescesSends,
    };

    public void Apply(QStashTransportOptions options)
    {
        Account.ApiUrl = options.Url ?? QStashClientOptions.DefaultUrl;
        Account.Token = options.Token;
        Account.SetSigningKeys(options.CurrentSigningKey, options.NextSigningKey);
        foreach (var (region, keys) in options.RegionSigningKeys)
            Account.SetRegionSigningKeys(region, keys.Current, keys.Next);
        Addresses.BaseAddress = options.BaseAddress;
        Addresses.InstanceBaseAddress = options.InstanceBaseAddress;
        Addresses.HasReplicas = options.HasReplicas ?? false;
        foreach (var (endpointName, address) in options.Routes)
            Route(endpointName, address);
        PathPrefix(options.PathPrefix ?? QStashAddresses.DefaultPathPrefix);
        MaxBodySize(options.MaxBodySize ?? DefaultMaxBodySize);
        GuardsAgainstReplays = options.UseReplayGuard ?? false;
        _serviceName = options.ServiceName;
        DeployTopology(options.DeployTopology ?? true);
        Directory = options.Directory;
        LongestDelay = options.MaxDelay;
        DeliverySettings = new QStashDeliverySettings(options.Delivery ?? new());
        ClockTolerance(options.ClockTolerance ?? QStashSignatureVerifier.DefaultTolerance);
        MaxRateLimitWait(options.MaxRateLimitWait ?? DefaultMaxRateLimitWait);
        CoalesceSends(options.CoalesceSends ?? true);
    }

    public void Url(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        Account.ApiUrl = url;
    }

    public void Token(string token) => Account.Token = token;

    public void SigningKeys(string currentKey, string nextKey) => Account.SetSigningKeys(currentKey, nextKey);

    public void RegionSigningKeys(string region, string currentKey, string nextKey) =>
        Account.SetRegionSigningKeys(region, currentKey, nextKey);

    public void BaseAddress(Uri baseAddress)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        Addresses.BaseAddress = baseAddress;
    }

    public void BaseAddress(string baseAddress) => BaseAddress(new Uri(baseAddress, UriKind.RelativeOrAbsolute));

    public void InstanceBaseAddress(Uri baseAddress)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        Addresses.InstanceBaseAddress = baseAddress;
    }

    public void HasReplicas() => Addresses.HasReplicas = true;

    public void PathPrefix(string pathPrefix)
    {
        ArgumentNullException.ThrowIfNull(pathPrefix);
        Addresses.PathPrefix = pathPrefix;
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

    public void Route(string endpointName, Uri address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpointName);
        ArgumentNullException.ThrowIfNull(address);
        Addresses.Route(endpointName, address);
    }

    public void ClockTolerance(TimeSpan tolerance) => ToleratedClockDifference = tolerance;

    public void MaxRateLimitWait(TimeSpan wait) => _maxRateLimitWait = wait;

    public void CoalesceSends(bool coalesce) => _coalescesSends = coalesce;

    public void Delivery(Action<QStashDeliverySettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(DeliverySettings);
    }

    public void UseEmulator(Uri? url = null)
    {
        Account.UseEmulator(url);
        Addresses.AllowPrivate = true;
    }

    public IEnumerable<ValidationResult> Validate()
    {
        foreach (var result in Account.Validate().Concat(Addresses.Validate()))
            yield return result;

        if (_maxBodySize <= 0)
            yield return this.Failure("QStash:MaxBodySize", $"{_maxBodySize} is not a size. Give the largest body to accept, in bytes");

        if (LongestDelay <= TimeSpan.Zero)
            yield return this.Failure("QStash:MaxDelay", $"{LongestDelay} is no time to wait. Give the longest delay your plan allows, such as 7.00:00:00");

        if (ToleratedClockDifference < TimeSpan.Zero || ToleratedClockDifference > TimeSpan.FromMinutes(5))
            yield return this.Failure("QStash:ClockTolerance", $"{ToleratedClockDifference} is not a difference of clocks to tolerate. Give zero to 5 minutes; more would undo the expiry of tokens");

        if (_maxRateLimitWait < TimeSpan.Zero || _maxRateLimitWait > TimeSpan.FromDays(1))
            yield return this.Failure("QStash:MaxRateLimitWait", $"{_maxRateLimitWait} is not a time to wait. Give zero to one day: the daily limit ends at midnight UTC");

        if (ValidateDelivery() is { } deliveryFailure)
            yield return deliveryFailure;

        if (_serviceName is not null && !LegalName.Is(_serviceName))
            yield return this.Failure("QStash:ServiceName", $"'{_serviceName}' cannot name a service. Use letters, digits, '.', '_' and '-'");

        if (Directory is not null && !LegalName.Is(Directory))
            yield return this.Failure("QStash:Directory", $"'{Directory}' cannot be the name of a URL group. Use letters, digits, '.', '_' and '-'");

        if (DirectoryCacheDuration < TimeSpan.Zero)
            yield return this.Failure("UseDirectory", $"{DirectoryCacheDuration} is not a duration. Give the time for which a publisher may rely on what it has read, or zero to read at each publish");
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
}
