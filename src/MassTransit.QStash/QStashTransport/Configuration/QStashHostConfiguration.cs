using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MassTransit.Configuration;
using MassTransit.QStashTransport.Receiving;
using MassTransit.QStashTransport.Scheduling;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using QStash.Client;

namespace MassTransit.QStashTransport.Configuration;

/// <summary>
/// The root of one bus: its settings, its client, its receive endpoints by name.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A CancellationTokenSource lives as long as the process does that it stops.")]
sealed class QStashHostConfiguration : BaseHostConfiguration<QStashReceiveEndpointConfiguration, IQStashReceiveEndpointConfigurator>
{
    readonly QStashBusConfiguration _busConfiguration;
    readonly CancellationTokenSource _consumersStopping = new();
    // As MassTransit compares the names of endpoints.
    readonly ConcurrentDictionary<string, QStashReceiveTransport> _receiveTransports = new(StringComparer.OrdinalIgnoreCase);
    readonly QStashBusTopology _topology;
    Func<IEnumerable<QStashHostConfiguration>> _allBuses = () => [];
    CancellationToken _applicationStarted;
    QStashClient? _client;
    HeaderBinding? _headerBinding;
    AccountProof? _proof;
    DelayLimit? _delays;
    Uri? _endpointBase;
    bool _hasReceiveEndpoints;
    IHttpClientFactory? _httpClientFactory;
    UniqueLabels? _labels;
    MissingUrlGroups? _missingUrlGroups;
    NamedEndpoints? _namedEndpoints;
    RecurringSchedules? _recurringSchedules;
    Lazy<ReplayGuard?> _replayGuard = new((ReplayGuard?)null);
    SubscriptionStore? _subscriptions;
    DeliveryVerifiers? _verifiers;

    public QStashHostConfiguration(QStashBusConfiguration busConfiguration)
        : base(busConfiguration)
    {
        _busConfiguration = busConfiguration;
        _topology = new QStashBusTopology(this, busConfiguration.Topology);
        DeclaredSchedules = new DeclaredSchedules(this);
    }

    public QStashHostSettings Settings { get; private set; } = new(new QStashTransportOptions());
    public DeclaredSchedules DeclaredSchedules { get; }

    public TimeProvider TimeProvider { get; private set; } = TimeProvider.System;

    public IQStashClient Client => _client ?? throw new InvalidOperationException("The bus was not built yet.");
    public DeliveryVerifiers Verifiers => _verifiers ?? throw new InvalidOperationException("The bus was not built yet.");

    /// <summary>Writes and checks what QStash's signature does not cover.</summary>
    public AccountProof Proof => _proof ?? throw new InvalidOperationException("The bus was not built yet.");

    /// <summary>Publishes what may be due later than the plan allows.</summary>
    public DelayLimit Delays => _delays ?? throw new InvalidOperationException("The bus was not built yet.");

    public UniqueLabels Labels => _labels ?? throw new InvalidOperationException("The bus was not built yet.");
    public RecurringSchedules RecurringSchedules => _recurringSchedules ?? throw new InvalidOperationException("The bus was not built yet.");
    public MissingUrlGroups MissingUrlGroups => _missingUrlGroups ?? throw new InvalidOperationException("The bus was not built yet.");
    public SubscriptionStore Subscriptions => _subscriptions ?? throw new InvalidOperationException("The bus was not built yet.");

    /// <summary>The endpoints of all services by name.</summary>
    public NamedEndpoints NamedEndpoints => _namedEndpoints ?? throw new InvalidOperationException("The bus was not built yet.");

    /// <summary>Notices when somebody changes the headers of a delivery.</summary>
    public HeaderBinding HeaderBinding => _headerBinding ?? throw new InvalidOperationException("The bus was not built yet.");

    /// <summary>Null when replays need not be noticed.</summary>
    public ReplayGuard? ReplayGuard => Settings.GuardsAgainstReplays ? _replayGuard.Value : null;

    public override Uri HostAddress => _endpointBase ?? Settings.Addresses.EndpointBase;
    public override IBusTopology Topology => _topology;

    public override IRetryPolicy ReceiveTransportRetryPolicy { get; } = Retry.CreatePolicy(x =>
    {
        x.Handle<ConnectionException>();
        x.Exponential(int.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
    });

    /// <summary>Cancelled when the application begins to stop, before the server has finished its requests and long before the bus stops.</summary>
    public CancellationToken ApplicationStopping { get; private set; }

    /// <summary>
    /// Cancelled when consumers have had their time to finish since the application began to stop. The server waits for them before the
    /// bus is stopped, so MassTransit itself would begin to count too late.
    /// </summary>
    public CancellationToken ConsumersStopping => _consumersStopping.Token;

    /// <summary>Whether <c>MapQStash</c> made routes for this bus.</summary>
    public bool IsMapped { get; set; }

    /// <summary>Whether it is known that nothing can be delivered: there is no address, or the application runs and has no routes.</summary>
    public bool CannotReceive => Settings.Addresses.AreMissing || (!IsMapped && _applicationStarted.IsCancellationRequested);

    /// <summary>What marks as this bus's own what it leaves with QStash.</summary>
    public string ServiceIdentity => BusName.Length == 0 ? Settings.ServiceIdentity : $"{Settings.ServiceIdentity}:{BusName}";

    /// <summary>The name of the bus; empty for the default one.</summary>
    public string BusName { get; private set; } = "";

    /// <summary>The name of the bus for people.</summary>
    public string ShownName => BusName.Length > 0 ? BusName : "default";

    public IEnumerable<string> EndpointNames => _receiveTransports.Keys;

    /// <summary>The URL groups that endpoints of this bus join.</summary>
    public IReadOnlyCollection<string> UrlGroups => Subscribers.SelectMany(Subscriptions.GetUrlGroups).ToHashSet(StringComparer.Ordinal);

    IEnumerable<Subscriber> Subscribers => _receiveTransports.Values.Select(transport => transport.Subscriber);

    /// <summary>Takes the settings that the bus begins with; the code that configures it writes into them.</summary>
    public void UseOptions(QStashTransportOptions options) => Settings = new QStashHostSettings(options);

    /// <summary>
    /// Takes from the container what the bus needs of it; the client is made at <see cref="Build"/>, when the settings are final.
    /// </summary>
    public void UseServices(IHttpClientFactory httpClientFactory, TimeProvider timeProvider, IHostApplicationLifetime? lifetime, IServer? server,
        Func<ReplayGuard?> createReplayGuard)
    {
        _replayGuard = new Lazy<ReplayGuard?>(createReplayGuard);
        _httpClientFactory = httpClientFactory;
        TimeProvider = timeProvider;
        ApplicationStopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        _applicationStarted = lifetime?.ApplicationStarted ?? CancellationToken.None;
        _applicationStarted.Register(WarnIfNotMapped);
        _applicationStarted.Register(() => WarnOfOtherPorts(server));
        lifetime?.ApplicationStopping.Register(StopConsumersInTime);
    }

    // Of real time, also on another clock, as MassTransit's and the host's other times to stop in.
    void StopConsumersInTime()
    {
        if ((ConsumerStopTimeout < StopTimeout ? ConsumerStopTimeout : StopTimeout ?? ConsumerStopTimeout) is { } timeout)
            _consumersStopping.CancelAfter(timeout);
    }

    /// <summary>Sets the bus apart from the others of its process.</summary>
    /// <param name="busName">The name of the bus; empty for the default one.</param>
    /// <param name="allBuses">All buses on QStash, this one included; asked once they are built.</param>
    public void UseBuses(string busName, Func<IEnumerable<QStashHostConfiguration>> allBuses) => (BusName, _allBuses) = (busName, allBuses);

    /// <summary>The address of an endpoint of this service, or of this process alone if it is temporary.</summary>
    public Uri GetInputAddress(string endpointName, bool isTemporary = false) =>
        new(isTemporary ? Settings.Addresses.InstanceEndpointBase : HostAddress, endpointName);

    /// <summary>The address a name leads to as far as the bus itself knows: to one of its endpoints, or along a route; else null.</summary>
    public Uri? FindEndpoint(string endpointName) =>
        !Settings.Addresses.AreMissing && TryGetReceiveTransport(endpointName, out var transport) ? transport.InputAddress : Settings.Addresses.FindRoute(endpointName);

    /// <summary>The address a name leads to: in this process, along a route, or to whom the URL groups of the account tell of.</summary>
    /// <exception cref="EndpointNotFoundException">To none, or to several.</exception>
    public async ValueTask<Uri> FindEndpointAsync(string endpointName, CancellationToken cancellationToken)
    {
        if ((FindEndpoint(endpointName) ?? FindOnOtherBus(endpointName)) is { } known)
            return known;

        Uri address;
        try
        {
            address = new Uri(await NamedEndpoints.FindAsync(endpointName, cancellationToken).ConfigureAwait(false));
        }
        catch (EndpointNotFoundException exception) when (Settings.Addresses.AreMissing)
        {
            throw new EndpointNotFoundException($"{exception.Message} {QStashAddresses.Advise("If it is an endpoint of this service, it")}", exception);
        }

        return Settings.Addresses.Check(address) is { } problem
            ? throw new EndpointNotFoundException($"The URL groups of the account say that receive endpoint '{endpointName}' is at '{PublicAddress.Show(address)}', which {problem}. Say where it is with h.Route(\"{endpointName}\", address).")
            : address;
    }

    /// <summary>Whether messages to a URL are known to come to a receive endpoint of this transport.</summary>
    public bool LeadsToEndpoint(Uri url) =>
        HostAddress.IsBaseOf(url) || Settings.Addresses.InstanceEndpointBase.IsBaseOf(url) || Settings.Addresses.HasRouteTo(url);

    public bool TryGetReceiveTransport(string endpointName, [NotNullWhen(true)] out QStashReceiveTransport? transport) =>
        _receiveTransports.TryGetValue(endpointName, out transport);

    public void AddReceiveTransport(string endpointName, QStashReceiveTransport transport) => _receiveTransports[endpointName] = transport;

    public void RemoveReceiveTransport(string endpointName, QStashReceiveTransport transport)
    {
        _receiveTransports.TryRemove(KeyValuePair.Create(endpointName, transport));
        transport.Close();
    }

    /// <summary>
    /// Looks whether another bus of the application, with the same path, has a receive endpoint of this name, and would get its messages.
    /// </summary>
    /// <exception cref="ConfigurationException">One has.</exception>
    public void CheckNameIsFree(string endpointName)
    {
        if (_allBuses().FirstOrDefault(bus => bus != this && bus.HasPathOf(this) && bus.TryGetReceiveTransport(endpointName, out _)) is { } other)
        {
            throw new ConfigurationException($"The bus '{other.ShownName}' has a receive endpoint '{endpointName}' under the same path '{other.Settings.Addresses.PathPrefix}'. "
                + "Give the endpoint another name, or one of the buses another PathPrefix.");
        }
    }

    bool HasPathOf(QStashHostConfiguration other) => string.Equals(Settings.Addresses.PathPrefix, other.Settings.Addresses.PathPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Says that the bus is about to stop, and with it all endpoints.</summary>
    public void CloseReceiveTransports()
    {
        foreach (var transport in _receiveTransports.Values)
            transport.Close();
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
            yield return Settings.Failure("QStash:DeployTopology", "it is off, so DeployTopologyOnly would do nothing. Leave it on in the process that deploys the topology");

        if (Settings.GuardsAgainstReplays && _replayGuard.Value is null)
            yield return Settings.Failure("UseReplayGuard", "it needs a distributed cache to remember tokens in. Register one that all replicas share, for example with services.AddStackExchangeRedisCache(...), or services.AddDistributedMemoryCache() for a single replica");

        if (Settings.Addresses.AreMissing)
        {
            yield return _hasReceiveEndpoints
                ? Settings.Failure("QStash:BaseAddress", Settings.Addresses.FindBaseAddressProblem(null, "BaseAddress")!)
                : Settings.Warning("QStash:BaseAddress", "the public address of this service is missing, so the bus can only send");
        }

        foreach (var result in Settings.Validate().Concat(DeclaredSchedules.Validate()).Concat(base.Validate()))
            yield return result;
    }

    public override MassTransit.Transports.IHost Build()
    {
        _endpointBase = Settings.Addresses.EndpointBase;
        _client = new QStashClient(_httpClientFactory!, Settings.CreateClientOptions(), TimeProvider);
        _verifiers = Settings.Account.CreateVerifiers(TimeProvider, Settings.ToleratedClockDifference);
        _headerBinding = new HeaderBinding(TimeProvider);
        _proof = Settings.Account.CreateProof();
        _labels = new UniqueLabels(_client.Messages, _client.BulkActions, TimeProvider);
        _delays = new DelayLimit(_client, Settings, TimeProvider);
        _missingUrlGroups = new MissingUrlGroups(_client.UrlGroups);
        _recurringSchedules = new RecurringSchedules(_client, _missingUrlGroups, TimeProvider);
        _subscriptions = CreateSubscriptionStore(_client.UrlGroups);

        var host = new QStashHost(this, _topology);

        foreach (var endpoint in GetConfiguredEndpoints())
            endpoint.Build(host);

        if (DeployPublishTopology)
            LogContext?.Info?.Log("DeployPublishTopology has nothing to deploy, as a URL group begins with its first subscriber. Published to: {UrlGroups}", string.Join(", ", _busConfiguration.Topology.Publish.UrlGroups));

        return host;
    }

    SubscriptionStore CreateSubscriptionStore(IQStashUrlGroups urlGroups)
    {
        var service = MemberName.Encode(ServiceIdentity);
        ISubscriptionLayout layout = Settings.Directory is { } directory
            ? new DirectoryLayout(urlGroups, directory, Settings.DirectoryCacheDuration, TimeProvider)
            : new GroupPerTopicLayout(urlGroups);
        _namedEndpoints = new NamedEndpoints(layout, Settings.EndpointNameDuration, TimeProvider);
        var stale = new StaleSubscriptionFinder(layout, service, () => _allBuses().SelectMany(bus => bus.Subscribers), TimeProvider);

        return new SubscriptionStore(urlGroups, layout, stale, _namedEndpoints, service, TimeProvider);
    }

    // Of the same account only: what another one signs, its endpoints refuse.
    Uri? FindOnOtherBus(string endpointName)
    {
        foreach (var bus in _allBuses())
        {
            if (bus != this && bus.Settings.Account.IsSameAs(Settings.Account) && bus.TryGetReceiveTransport(endpointName, out var transport))
                return transport.InputAddress;
        }

        return null;
    }

    // QStash would knock at a door that nobody is behind.
    void WarnOfOtherPorts(IServer? server)
    {
        if (DeployTopologyOnly || !IsMapped || server?.Features.Get<IServerAddressesFeature>()?.Addresses is not { Count: > 0 } listened)
            return;

        if (LocalPorts.FindOther([Settings.Addresses.EndpointBase, Settings.Addresses.InstanceEndpointBase], listened) is { } address)
            LogContext?.Warning?.Log("QStash delivers to {Address}, and this application listens on {Listened} only. Unless something forwards that port, correct BaseAddress (QStash:BaseAddress) or the addresses of the server (ASPNETCORE_URLS)", address, string.Join(", ", listened));
    }

    // The likeliest mistake, and a silent one: QStash delivers, and the application's routing answers 404.
    void WarnIfNotMapped()
    {
        if (!IsMapped && !DeployTopologyOnly && _receiveTransports.Values.Any(transport => !transport.IsBusEndpoint))
            LogContext?.Error?.Log(
                "QStash cannot deliver messages to {HostAddress}: call app.MapQStash(). "
                + "Where there is no app, as in a worker, write WebApplication.CreateBuilder(args) in place of Host.CreateApplicationBuilder(args); "
                + "with Host.CreateDefaultBuilder, add ConfigureWebHostDefaults and call endpoints.MapQStash() in its UseEndpoints",
                HostAddress);
    }
}
