using System.Diagnostics.CodeAnalysis;
using MassTransit.Configuration;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Endpoints;
using MassTransit.QStashTransport.Schedules;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The configuration of one bus, from which it is built.
/// </summary>
sealed class QStashHostConfiguration : BaseHostConfiguration<QStashReceiveEndpointConfiguration, IQStashReceiveEndpointConfigurator>
{
    readonly QStashBusConfiguration _busConfiguration;
    readonly QStashBusTopology _topology;
    Uri? _endpointBase;
    BusEnvironment? _environment;
    bool _hasReceiveEndpoints;
    volatile bool _isMapped;
    BusServices? _services;

    public QStashHostConfiguration(QStashBusConfiguration busConfiguration)
        : base(busConfiguration)
    {
        _busConfiguration = busConfiguration;
        _topology = new QStashBusTopology(this, busConfiguration.Topology);
        UseOptions(new QStashTransportOptions());
    }

    public QStashHostSettings Settings { get; private set; }

    public DeclaredSchedules DeclaredSchedules { get; } = new();

    public EndpointRegistry Endpoints { get; } = new();

    public KnownAddresses KnownAddresses { get; private set; }

    /// <summary>The services of the bus; they exist once the bus is built.</summary>
    public BusServices Services => _services ?? throw new InvalidOperationException("The bus was not built yet.");

    public override Uri HostAddress => _endpointBase ?? Settings.Addresses.EndpointBase;

    public override IBusTopology Topology => _topology;

    public override IRetryPolicy ReceiveTransportRetryPolicy { get; } = Retry.CreatePolicy(x =>
    {
        x.Handle<ConnectionException>();
        x.Exponential(int.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
    });

    /// <summary>Whether <c>MapQStash</c> made routes for this bus.</summary>
    public bool IsMapped
    {
        get => _isMapped;
        set => _isMapped = value;
    }

    /// <summary>
    /// Whether it is certain that nothing can be delivered: the bus has no address, or the application has started without routes.
    /// </summary>
    public bool CannotReceive => Settings.Addresses.AreMissing || (!IsMapped && _environment?.Life.Started.IsCancellationRequested == true);

    /// <summary>The mark of this bus on the members and schedules that it keeps at QStash.</summary>
    public string ServiceIdentity => BusName.Length == 0 ? Settings.ServiceIdentity : $"{Settings.ServiceIdentity}:{BusName}";

    /// <summary>The name of the bus in logs and errors.</summary>
    public string ShownName => BusName.Length > 0 ? BusName : "default";

    /// <summary>The URL groups that endpoints of this bus join.</summary>
    public IReadOnlyCollection<string> UrlGroups =>
        Endpoints.Subscribers.SelectMany(Services.Subscriptions.GetUrlGroups).ToHashSet(StringComparer.Ordinal);

    string BusName => _environment?.BusName ?? "";

    TimeProvider Time => _environment?.Time ?? TimeProvider.System;

    /// <summary>Sets the initial settings of the bus; the code that configures the bus changes them.</summary>
    [MemberNotNull(nameof(Settings), nameof(KnownAddresses))]
    public void UseOptions(QStashTransportOptions options)
    {
        Settings = new QStashHostSettings(options);
        KnownAddresses = new KnownAddresses(Settings.Addresses, endpointName => Endpoints.Find(endpointName)?.InputAddress);
    }

    /// <summary>Sets the services that the bus needs from the application.</summary>
    public void Use(BusEnvironment environment) => _environment = environment;

    /// <summary>The address of an endpoint of this service, or of this process alone if it is temporary.</summary>
    public Uri GetInputAddress(string endpointName, bool isTemporary = false) =>
        new(isTemporary ? Settings.Addresses.InstanceEndpointBase : HostAddress, endpointName);

    /// <summary>
    /// The address of an endpoint of another bus of the same account. Buses of other accounts are left out, because their endpoints refuse
    /// our signatures.
    /// </summary>
    public Uri? FindOnOtherBus(string endpointName) => OtherBuses
        .Where(bus => bus.Settings.Account.IsSameAs(Settings.Account))
        .Select(bus => bus.Endpoints.Find(endpointName)?.InputAddress)
        .FirstOrDefault(address => address is not null);

    /// <summary>
    /// Checks that no other bus of the application with the same path has a receive endpoint of this name, which would get its messages.
    /// </summary>
    /// <exception cref="ConfigurationException">Another bus has one.</exception>
    public void CheckNameIsFree(string endpointName)
    {
        var path = Settings.Addresses.PathPrefix;
        if (OtherBuses.FirstOrDefault(bus => IsSamePath(bus) && bus.Endpoints.Find(endpointName) is not null) is { } other)
        {
            throw new ConfigurationException($"The bus '{other.ShownName}' has a receive endpoint '{endpointName}' under the same path "
                + $"'{path}'. Give the endpoint another name, or one of the buses another PathPrefix.");
        }

        bool IsSamePath(QStashHostConfiguration bus) =>
            string.Equals(path, bus.Settings.Addresses.PathPrefix, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Checks that no two of several buses have a receive endpoint of the same name.</summary>
    /// <param name="hosts">The buses.</param>
    /// <param name="where">The part of the error that says why the name has to be unique.</param>
    /// <param name="remedy">The part of the error that says how to fix it.</param>
    /// <exception cref="ConfigurationException">Two buses have one, so the name does not tell to which bus a delivery goes.</exception>
    public static void CheckNames(IReadOnlyList<QStashHostConfiguration> hosts, string where, string remedy)
    {
        var taken = hosts.SelectMany(host => host.Endpoints.Names).GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(names => names.Count() > 1);

        if (taken is not null)
            throw new ConfigurationException($"Two buses have a receive endpoint '{taken.Key}' {where}. {remedy}");
    }

    public override IReceiveEndpointConfiguration CreateReceiveEndpointConfiguration(string queueName,
        Action<IReceiveEndpointConfigurator>? configure) =>
        CreateReceiveEndpointConfiguration(queueName, configurator => configure?.Invoke(configurator));

    public QStashReceiveEndpointConfiguration CreateReceiveEndpointConfiguration(string queueName,
        Action<IQStashReceiveEndpointConfigurator>? configure) =>
        CreateReceiveEndpointConfiguration(queueName, _busConfiguration.CreateEndpointConfiguration(), configure);

    public QStashReceiveEndpointConfiguration CreateReceiveEndpointConfiguration(IEndpointDefinition definition,
        IEndpointNameFormatter? endpointNameFormatter, Action<IQStashReceiveEndpointConfigurator>? configure) =>
        CreateReceiveEndpointConfiguration(definition.GetEndpointName(endpointNameFormatter ?? DefaultEndpointNameFormatter.Instance),
            _busConfiguration.CreateEndpointConfiguration(),
            configurator =>
            {
                ApplyEndpointDefinition(configurator, definition);
                configure?.Invoke(configurator);
            },
            definition.IsTemporary);

    public QStashReceiveEndpointConfiguration CreateReceiveEndpointConfiguration(string queueName,
        QStashEndpointConfiguration endpointConfiguration, Action<IQStashReceiveEndpointConfigurator>? configure, bool isTemporary = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(queueName);

        var configuration = new QStashReceiveEndpointConfiguration(this, queueName, endpointConfiguration, isTemporary);
        configure?.Invoke(configuration);

        _hasReceiveEndpoints = true;
        Observers.EndpointConfigured(configuration);
        Add(configuration);

        return configuration;
    }

    public override void ReceiveEndpoint(string queueName, Action<IQStashReceiveEndpointConfigurator> configureEndpoint) =>
        CreateReceiveEndpointConfiguration(queueName, configureEndpoint);

    public override void ReceiveEndpoint(IEndpointDefinition definition, IEndpointNameFormatter? endpointNameFormatter,
        Action<IQStashReceiveEndpointConfigurator>? configureEndpoint = null) =>
        CreateReceiveEndpointConfiguration(definition, endpointNameFormatter, configureEndpoint);

    public override IEnumerable<ValidationResult> Validate()
    {
        if (DeployTopologyOnly && !Settings.DeploysTopology)
        {
            yield return Settings.Failure("QStash:DeployTopology",
                "it is off, so DeployTopologyOnly would do nothing. Leave it on in the process that deploys the topology");
        }

        if (Settings.GuardsAgainstReplays && _environment?.CreateReplayGuard() is null)
        {
            yield return Settings.Failure("UseReplayGuard", "it needs a distributed cache to remember tokens in. Register one that all "
                + "replicas share, for example with services.AddStackExchangeRedisCache(...), or services.AddDistributedMemoryCache() "
                + "for a single replica");
        }

        if (Settings.Addresses.AreMissing)
        {
            yield return _hasReceiveEndpoints
                ? Settings.Failure("QStash:BaseAddress", Settings.Addresses.FindBaseAddressProblem(null, "BaseAddress")!)
                : Settings.Warning("QStash:BaseAddress", "the public address of this service is missing, so the bus can only send");
        }

        // Another service without a name and an address would treat these schedules as its own.
        if (DeclaredSchedules.Declarations.Count > 0 && !Settings.HasIdentity)
        {
            yield return DeclaredSchedules.Failure("QStash:ServiceName", "it is missing, and so is BaseAddress: schedules that are "
                + "declared with the bus are kept under one of them. Set it with cfg.Host(h => h.ServiceName(…))");
        }

        var results = Settings.Validate()
            .Concat(DeclaredSchedules.Validate(KnownAddresses, Settings.Directory is not null, Time))
            .Concat(DeclaredSchedules.Validate())
            .Concat(base.Validate());
        foreach (var result in results)
            yield return result;
    }

    public override MassTransit.Transports.IHost Build()
    {
        _endpointBase = Settings.Addresses.EndpointBase;
        _services = BusServices.Create(this, _environment!, _busConfiguration.Topology.Publish);

        var host = new QStashHost(this, _topology);
        foreach (var endpoint in GetConfiguredEndpoints())
            endpoint.Build(host);

        if (DeployPublishTopology)
        {
            LogContext?.Info?.Log("DeployPublishTopology has nothing to deploy, as a URL group begins with its first subscriber. "
                + "Published to: {UrlGroups}",
                string.Join(", ", _busConfiguration.Topology.Publish.UrlGroups));
        }

        return host;
    }

    IEnumerable<QStashHostConfiguration> OtherBuses => _environment?.AllBuses().Where(bus => bus != this) ?? [];
}
