using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// Writes the settings of code into the options of the bus, which already hold the settings of the configuration.
/// </summary>
sealed class QStashHostConfigurator(QStashTransportOptions options) : IQStashHostConfigurator
{
    public void Url(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        options.Url = url;
    }

    public void Token(string token) => options.Token = token;

    public void SigningKeys(string currentKey, string nextKey) =>
        (options.CurrentSigningKey, options.NextSigningKey) = (currentKey, nextKey);

    public void RegionSigningKeys(string region, string currentKey, string nextKey) =>
        options.RegionSigningKeys[QStashRegion.Normalize(region)] = new QStashSigningKeys { Current = currentKey, Next = nextKey };

    public void InstanceBaseAddress(Uri baseAddress)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        options.InstanceBaseAddress = baseAddress;
    }

    public void HasReplicas() => options.HasReplicas = true;

    public void PathPrefix(string pathPrefix)
    {
        ArgumentNullException.ThrowIfNull(pathPrefix);
        options.PathPrefix = pathPrefix;
    }

    public void MaxBodySize(int bytes) => options.MaxBodySize = bytes;

    public void UseReplayGuard() => options.UseReplayGuard = true;

    public void ServiceName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        options.ServiceName = name;
    }

    public void DeployTopology(bool deploy) => options.DeployTopology = deploy;

    public void UseDirectory(string urlGroup, TimeSpan? cacheDuration)
    {
        ArgumentNullException.ThrowIfNull(urlGroup);
        (options.Directory, options.DirectoryCacheDuration) = (urlGroup, cacheDuration ?? options.DirectoryCacheDuration);
    }

    public void MaxDelay(TimeSpan limit) => options.MaxDelay = limit;

    public void Route(string endpointName, Uri address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpointName);
        ArgumentNullException.ThrowIfNull(address);
        options.Routes[endpointName] = address;
    }

    public void Delivery(Action<QStashDeliverySettings> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);

        // Copy the settings, because the application may have given one object to the options of several buses.
        options.Delivery = new QStashDeliverySettings(options.Delivery ?? new());
        configure(options.Delivery);
    }

    public void ClockTolerance(TimeSpan tolerance) => options.ClockTolerance = tolerance;

    public void MaxRateLimitWait(TimeSpan wait) => options.MaxRateLimitWait = wait;

    public void CoalesceSends(bool coalesce) => options.CoalesceSends = coalesce;

    public void UseEmulator(Uri? url = null)
    {
        options.Url = url ?? options.Url;
        DevelopmentCredentials.Set(options, isUrlChosen: url is not null);
    }
}
