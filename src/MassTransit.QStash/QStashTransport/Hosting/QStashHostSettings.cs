using MassTransit.QStashTransport.Addresses;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Reads the options of a bus and adds the defaults. It holds no setting itself.
/// </summary>
/// <param name="options">The options of the bus; the code that configures the bus changes them.</param>
sealed class QStashHostSettings(QStashTransportOptions options) : ISpecification
{
    public const int DefaultMaxBodySize = 10 * 1024 * 1024;

    static readonly TimeSpan DefaultDirectoryCacheDuration = TimeSpan.FromSeconds(30);
    static readonly TimeSpan DefaultMaxRateLimitWait = new QStashClientOptions().MaxRateLimitWait;
    static readonly QStashDeliverySettings QStashDefaults = new();

    public QStashTransportOptions Options => options;
    public QStashAccount Account { get; } = new(options);
    public QStashAddresses Addresses { get; } = new(options);

    /// <summary>Whether a token is accepted only once.</summary>
    public bool GuardsAgainstReplays => options.UseReplayGuard ?? false;

    public int BodyLimit => options.MaxBodySize ?? DefaultMaxBodySize;

    /// <summary>By how much the clocks of QStash and of this service may differ.</summary>
    public TimeSpan ToleratedClockDifference => options.ClockTolerance ?? QStashSignatureVerifier.DefaultTolerance;

    /// <summary>The URL group that holds all subscriptions; null when each topic has a group.</summary>
    public string? Directory => options.Directory;

    public TimeSpan DirectoryCacheDuration => options.DirectoryCacheDuration ?? DefaultDirectoryCacheDuration;

    /// <summary>How long the addresses of endpoints of other services are cached.</summary>
    public TimeSpan EndpointNameDuration =>
        DirectoryCacheDuration > DefaultDirectoryCacheDuration ? DirectoryCacheDuration : DefaultDirectoryCacheDuration;

    /// <summary>Whether starting the bus makes endpoints members of URL groups.</summary>
    public bool DeploysTopology => options.DeployTopology ?? true;

    /// <summary>The mark of this service's members of URL groups: its name, or else its address, which no other service has.</summary>
    public string ServiceIdentity =>
        options.ServiceName ?? $"{Addresses.EndpointBase.Authority}{Addresses.EndpointBase.AbsolutePath}".TrimEnd('/');

    /// <summary>Whether the service has a name or an address, which marks it and no other service.</summary>
    public bool HasIdentity => options.ServiceName is not null || !Addresses.AreMissing;

    /// <summary>The longest delay the plan allows; null leaves the check to QStash.</summary>
    public TimeSpan? LongestDelay => options.MaxDelay;

    /// <summary>How long a send may wait for the end of a rate limit.</summary>
    public TimeSpan RateLimitWait => options.MaxRateLimitWait ?? DefaultMaxRateLimitWait;

    /// <summary>The settings each send starts with. They must not change while the bus runs.</summary>
    public QStashDeliverySettings DeliverySettings => options.Delivery ?? QStashDefaults;

    public QStashClientOptions CreateClientOptions() => new()
    {
        Url = Account.ApiUrl,
        Token = Account.Token!,
        MaxRateLimitWait = RateLimitWait,
        CoalescePublishes = options.CoalesceSends ?? true,
    };

    public IEnumerable<ValidationResult> Validate() => new SettingsValidation(this).Validate();
}
