using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Background;
using MassTransit.QStashTransport.Incoming;
using MassTransit.QStashTransport.Outgoing;
using MassTransit.QStashTransport.Schedules;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// The services that the receive endpoints of a bus share. Created when the bus is built, and not changed after that.
/// </summary>
sealed record EndpointServices
{
    public required QStashAddresses Addresses { get; init; }

    public required AttemptLimit Attempts { get; init; }

    /// <summary>
    /// Whether it is certain that nothing can be delivered: the bus has no address, or the application has started without routes.
    /// </summary>
    public required Func<bool> CannotReceive { get; init; }

    /// <summary>Whether endpoints join their URL groups when they start.</summary>
    public required bool DeploysTopology { get; init; }

    /// <summary>Whether the bus runs only to deploy the topology, and stops before any delivery comes.</summary>
    public required bool DeploysTopologyOnly { get; init; }

    public required IQStashFlowControl FlowControl { get; init; }

    /// <summary>Whether all subscriptions are in one URL group.</summary>
    public required bool HasDirectory { get; init; }

    public required ApplicationLife Life { get; init; }

    public required OutgoingServices Outgoing { get; init; }

    public required AccountProof Proof { get; init; }

    public required Reconciler Reconciler { get; init; }

    public required SchedulingServices Scheduling { get; init; }

    public required SubscriptionStore Subscriptions { get; init; }

    public required TimeProvider Time { get; init; }
}
