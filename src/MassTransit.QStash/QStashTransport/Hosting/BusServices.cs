using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Background;
using MassTransit.QStashTransport.Endpoints;
using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Reports;
using MassTransit.QStashTransport.Schedules;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.QStashTransport.Topology;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// All services of a bus. Created in one place when the bus is built, from the final settings, and not changed after that.
/// </summary>
sealed record BusServices
{
    public required AddressBook Addresses { get; init; }

    public required IQStashClient Client { get; init; }

    public required IQStashDeadLetters DeadLetters { get; init; }

    public required EndpointServices Endpoints { get; init; }

    public required IncomingServices Incoming { get; init; }

    public required Reconciler Reconciler { get; init; }

    public required SchedulingServices Scheduling { get; init; }

    public required FormerPorts FormerPorts { get; init; }

    public required SubscriptionStore Subscriptions { get; init; }

    /// <param name="host">The configuration of the bus.</param>
    /// <param name="environment">The services that the bus gets from the application.</param>
    /// <param name="publishTopology">Where published messages go.</param>
    public static BusServices Create(QStashHostConfiguration host, BusEnvironment environment, QStashPublishTopology publishTopology)
    {
        var (settings, time) = (host.Settings, environment.Time);
        var hasDirectory = settings.Directory is not null;
        var client = new QStashClient(environment.HttpClientFactory, settings.CreateClientOptions(), time);
        var proof = settings.Account.CreateProof();

        ISubscriptionLayout layout = settings.Directory is { } directory
            ? new DirectoryLayout(client.UrlGroups, directory, settings.DirectoryCacheDuration, time)
            : new GroupPerTopicLayout(client.UrlGroups);
        var named = new NamedEndpoints(layout.ReadAsync, settings.EndpointNameDuration, time);
        var addresses = new AddressBook(settings.Addresses, host.KnownAddresses, host.FindOnOtherBus, named);

        var service = MemberName.Encode(host.ServiceIdentity);
        var former = new FormerPorts(environment.Program?.FindMark(settings, environment.BusName), host.HostAddress.Port);
        var stale = new StaleSubscriptionFinder(layout, service, former.Program,
            () => environment.AllBuses().SelectMany(bus => bus.Endpoints.Subscribers), time);
        var subscriptions = new SubscriptionStore(client.UrlGroups, layout, stale, named, former, service, time);

        var missingUrlGroups = new MissingUrlGroups(client.UrlGroups);
        var recurring = new RecurringSchedules(client, missingUrlGroups, hasDirectory, time);
        var scheduling = new SchedulingServices(new UniqueLabels(client.Messages, client.BulkActions, time), recurring, host.Topology,
            time);
        var reconciler = new Reconciler(time);

        return new BusServices
        {
            Addresses = addresses,
            Client = client,
            DeadLetters = new QStashDeadLetters(client.DeadLetterQueue, addresses, host.HostAddress, FindSerialization()),
            Reconciler = reconciler,
            Scheduling = scheduling,
            FormerPorts = former,
            Subscriptions = subscriptions,
            Endpoints = new EndpointServices
            {
                Addresses = settings.Addresses,
                Attempts = new AttemptLimit(client.Messages, time),
                CannotReceive = () => host.CannotReceive,
                DeploysTopology = settings.DeploysTopology,
                DeploysTopologyOnly = host.DeployTopologyOnly,
                FlowControl = client.FlowControl,
                HasDirectory = hasDirectory,
                Life = environment.Life,
                Proof = proof,
                Reconciler = reconciler,
                Scheduling = scheduling,
                Subscriptions = subscriptions,
                Time = time,
                Outgoing = new OutgoingServices
                {
                    Host = host,
                    Addresses = addresses,
                    Delivery = settings.DeliverySettings,
                    Layout = layout,
                    Messages = new MessageBuilder(host.KnownAddresses, proof, settings.BodyLimit, host.ServiceIdentity, former.Label, time),
                    Publisher = new Publisher(client, missingUrlGroups, new DelayLimit(settings.LongestDelay, time)),
                    Responses = new ResponseAddresses(
                        settings.Addresses, address => host.Endpoints.Find(address)?.Subscriber.IsTemporary == true, () =>
                            host.CannotReceive),
                    Schedules = recurring,
                    Service = host.ServiceIdentity,
                    Time = time,
                    Topology = publishTopology,
                },
            },
            Incoming = new IncomingServices
            {
                BodyLimit = settings.BodyLimit,
                ClockTolerance = settings.ToleratedClockDifference,
                FindEndpoint = host.Endpoints.Find,
                HeaderBinding = new HeaderBinding(time),
                Proof = proof,
                ReplayGuard = settings.GuardsAgainstReplays ? environment.CreateReplayGuard() : null,
                Time = time,
                Verifiers = settings.Account.CreateVerifiers(time, settings.ToleratedClockDifference),
            },
        };

        // A dead letter is read with the serializers of its endpoint. If the endpoint is not of this bus, the serializers of the bus are
        // used.
        Func<Uri?, ISerialization> FindSerialization()
        {
            var ofBus = host.BusConfiguration.Serialization.CreateSerializerCollection();

            return url => (url is null ? null : host.Endpoints.Find(url)?.Serialization) ?? ofBus;
        }
    }
}
