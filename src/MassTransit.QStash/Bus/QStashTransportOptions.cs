using QStash.Client;

namespace MassTransit;

/// <summary>
/// The settings of a bus on QStash, bound from the configuration section <c>QStash</c>. Settings made in code through
/// <see cref="IQStashHostConfigurator"/> win.
/// </summary>
/// <remarks>
/// The options are named: the default bus reads the unnamed ones, <c>AddMassTransit&lt;TBus&gt;</c> those named after the bus type.
/// </remarks>
public sealed class QStashTransportOptions
{
    /// <inheritdoc cref="IQStashHostConfigurator.Url"/>
    public Uri? Url { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.Token"/>
    public string? Token { get; set; }

    /// <summary>The signing key QStash signs with now.</summary>
    public string? CurrentSigningKey { get; set; }

    /// <summary>The signing key QStash will sign with after the next rotation.</summary>
    public string? NextSigningKey { get; set; }

    /// <summary>
    /// The signing keys of regions, by their name in <see cref="QStashRegion"/>; see
    /// <see cref="IQStashHostConfigurator.RegionSigningKeys"/>. For regions that are not in it, the keys come from
    /// <c>QStash:Regions:{region}:CurrentSigningKey</c> and <c>NextSigningKey</c>.
    /// </summary>
    public IDictionary<string, QStashSigningKeys> RegionSigningKeys { get; } = new Dictionary<string, QStashSigningKeys>();

    /// <summary>
    /// The public address of this service, see <see cref="IQStashBusFactoryConfigurator.Host(Uri, Action{IQStashHostConfigurator})"/>.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.InstanceBaseAddress"/>
    public Uri? InstanceBaseAddress { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.HasReplicas"/>
    public bool? HasReplicas { get; set; }

    /// <summary>
    /// Where <c>queue:{name}</c> leads, by name, see <see cref="IQStashHostConfigurator.Route"/>. For names that are not in it, the
    /// addresses come from <c>QStash:Routes:{name}</c>.
    /// </summary>
    public IDictionary<string, Uri> Routes { get; } = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc cref="IQStashHostConfigurator.PathPrefix"/>
    public string? PathPrefix { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.MaxBodySize"/>
    public int? MaxBodySize { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.UseReplayGuard"/>
    public bool? UseReplayGuard { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.ServiceName"/>
    public string? ServiceName { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.DeployTopology"/>
    public bool? DeployTopology { get; set; }

    /// <summary>The URL group that holds all subscriptions, see <see cref="IQStashHostConfigurator.UseDirectory"/>.</summary>
    public string? Directory { get; set; }

    /// <summary>
    /// How long a publisher uses what it has read of the directory, see <see cref="IQStashHostConfigurator.UseDirectory"/>. Default: 30
    /// seconds.
    /// </summary>
    public TimeSpan? DirectoryCacheDuration { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.Delivery"/>
    public QStashDeliverySettings? Delivery { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.ClockTolerance"/>
    public TimeSpan? ClockTolerance { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.MaxRateLimitWait"/>
    public TimeSpan? MaxRateLimitWait { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.CoalesceSends"/>
    public bool? CoalesceSends { get; set; }

    /// <inheritdoc cref="IQStashHostConfigurator.MaxDelay"/>
    public TimeSpan? MaxDelay { get; set; }

    /// <summary>
    /// Uses a local emulator in place of QStash, see <see cref="IQStashHostConfigurator.UseEmulator"/>. A value from the configuration
    /// counts only in the environment <c>Development</c>, so that a forgotten variable elsewhere cannot make a service trust publicly known
    /// keys.
    /// </summary>
    public bool? UseEmulator { get; set; }

    /// <summary>Where the server is going to listen. It is the base address when the emulator is used and no base address is set.</summary>
    internal Uri? DevelopmentAddress => field ??= FindDevelopmentAddress?.Invoke();

    /// <summary>Finds <see cref="DevelopmentAddress"/>; null when there is no server.</summary>
    internal Func<Uri?>? FindDevelopmentAddress { get; set; }

    /// <summary>Whether the configuration asks for the emulator in an environment in which only code may.</summary>
    internal bool EmulatorIsRefused { get; set; }

    /// <summary>The keys under <c>Delivery</c> in the configuration that are not delivery settings of a bus.</summary>
    internal IReadOnlyList<string> UnknownDeliverySettings { get; set; } = [];
}
