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
/// What the receive endpoints of a bus share. Made when the bus is built, and not changed after that.
/// </summary>
sealed record EndpointServices
{
    public required QStashAddresses Addresses { get; init; }

    public required AttemptLimit Attempts { get; init; }

    /// <summary>
    /// Whether it is known that nothing can be delivered: there is no address, or the application runs and has no routes.
    /// </summary>
    public required Func<bool> CannotReceive { get; init; }

    /// <summary>Whether endpoints are to be made known to QStash at their start.</summary>
    public required bool DeploysTopology { get; init; }

    /// <summary>Whether the bus is started for that alone, and gone before anything comes.</summary>
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
