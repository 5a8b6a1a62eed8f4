using MassTransit.Configuration;
using MassTransit.QStashTransport.Endpoints;
using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using MassTransit.Transports;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

sealed class QStashReceiveEndpointConfiguration(
    QStashHostConfiguration hostConfiguration,
    string queueName,
    QStashEndpointConfiguration endpointConfiguration,
    bool isTemporary) :
    ReceiveEndpointConfiguration(hostConfiguration, endpointConfiguration),
    IQStashReceiveEndpointConfigurator
{
    readonly HashSet<Type> _messageTypes = [];
    readonly QStashTopologyConfiguration _topology = endpointConfiguration.Topology;
    readonly HashSet<string> _urlGroups = [];

    public string QueueName => queueName;
    public bool DeadLetterExpiredMessages { get; set; }
    public List<QStashFlowControlSettings> FlowControlPins { get; } = [];

    // Read on each use, because the user's callback may call Host(...) after ReceiveEndpoint(...).
    public override Uri HostAddress => hostConfiguration.HostAddress;
    public override Uri InputAddress => hostConfiguration.GetInputAddress(queueName, isTemporary);

    public void Subscribe(string urlGroup) => _urlGroups.Add(UrlGroupName.Checked(urlGroup));

    public void PinFlowControl(string key, int? rate = null, TimeSpan? period = null, int? parallelism = null)
    {
        var settings = new QStashFlowControlSettings { Key = key, Rate = rate, Period = period, Parallelism = parallelism };
        new QStashDeliverySettings { FlowControl = settings }.Validate();

        FlowControlPins.Add(settings);
    }

    /// <summary>The message types the bus knows.</summary>
    public KnownMessageTypes MessageTypes => _topology.MessageTypes;

    public void Subscribe<T>()
        where T : class
    {
        IConsumeTopologyConfigurator consumeTopology = _topology.Consume;

        if (ConfigureConsumeTopology
            && consumeTopology.GetMessageTopology<T>().ConfigureConsumeTopology
            && GlobalTopology.IsConsumableMessageType(typeof(T)))
            _messageTypes.Add(typeof(T));
    }

    /// <summary>
    /// The topics the endpoint subscribes to. If it consumes a type and a base type of it, only the base type counts: a publisher of the
    /// derived type also sends to the groups of its base types, and a second membership would bring a second copy. An excluded type has a
    /// group of its own for what is published as this type, as on other transports.
    /// </summary>
    public IReadOnlyList<string> GetTopics()
    {
        IUrlGroupPublishTopology[] consumed = _messageTypes
            .Select(_topology.Publish.GetUrlGroupTopology)
            .ToArray();

        HashSet<string> names = consumed.Select(topology => topology.UrlGroup).Union(_urlGroups).ToHashSet();

        return consumed
            .Where(topology => !topology.UrlGroups.Any(group => group != topology.UrlGroup && names.Contains(group)))
            .Select(topology => topology.UrlGroup)
            .Union(_urlGroups)
            .ToArray();
    }

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => CreateContext();

    public override IReceivePipe CreateReceivePipe() =>
        Receive.CreatePipe(CreateConsumePipe(), new DeliverySerialization(Serialization.CreateSerializerCollection()));

    public void Build(IHost host)
    {
        var context = CreateContext();
        var topics = GetTopics();
        var subscriber = new Subscriber(queueName, InputAddress, topics.Count > 0 || IsBusEndpoint || isTemporary
            ? topics
            : [UrlGroupName.Endpoints], isTemporary);
        var transport = new QStashReceiveTransport(hostConfiguration.Services.Endpoints, context, subscriber);

        var endpoint = new ReceiveEndpoint(transport, context);

        // Throws when the name is taken; then the endpoint with that name stays reachable.
        host.AddReceiveEndpoint(queueName, endpoint);
        hostConfiguration.Endpoints.Add(transport);
        context.ConnectReceiveEndpointObserver(new RemovalObserver(() => hostConfiguration.Endpoints.Remove(transport)));

        ReceiveEndpoint = endpoint;
    }

    public override IEnumerable<ValidationResult> Validate()
    {
        if (!LegalName.IsEndpoint(queueName))
        {
            yield return this.Failure("QueueName", $"'{queueName}' cannot be the name of a receive endpoint: it becomes the last "
                + "segment of a URL, so only letters, digits, '.', '_' and '-' are allowed. Rename the endpoint or use an endpoint "
                + "name formatter.");
        }

        if (queueName.Length > LegalName.MaxEndpointLength)
        {
            yield return this.Failure("QueueName", $"'{queueName}' has {queueName.Length} characters; the name of a receive endpoint may "
                + $"have {LegalName.MaxEndpointLength}. Shorten it or use another endpoint name formatter.");
        }

        if (isTemporary && !IsBusEndpoint && hostConfiguration.Settings.Addresses.LeadToOthers)
            yield return this.Failure("QStash:InstanceBaseAddress", $"it is missing, and temporary endpoint '{queueName}' needs an "
                + "address that leads to this process: HasReplicas says that the base address leads to others too. Set it, or leave "
                + "out Temporary");

        foreach (var result in base.Validate())
            yield return result;
    }

    QStashReceiveEndpointContext CreateContext()
    {
        ApplySpecifications(new QStashReceiveEndpointBuilder(this));

        return new QStashReceiveEndpointContext(hostConfiguration, this, hostConfiguration.Services.Endpoints)
        {
            DeadLetterExpiredMessages = DeadLetterExpiredMessages,
            FlowControlPins = FlowControlPins,
            MessageTypes = MessageTypes,
        };
    }
}
