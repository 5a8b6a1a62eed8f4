using MassTransit.Configuration;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.QStashTransport.Topology;
using QStash.Client;

namespace MassTransit.QStashTransport.Outgoing;

/// <summary>
/// The services that all sends of a bus share. Created when the bus is built, and not changed after that.
/// </summary>
sealed record OutgoingServices
{
    public required IHostConfiguration Host { get; init; }

    public required AddressBook Addresses { get; init; }

    /// <summary>The settings that each send starts with.</summary>
    public required QStashDeliverySettings Delivery { get; init; }

    public required ISubscriptionLayout Layout { get; init; }

    public required MessageBuilder Messages { get; init; }

    public required Publisher Publisher { get; init; }

    public required ResponseAddresses Responses { get; init; }

    public required IRecurringSends Schedules { get; init; }

    /// <summary>The mark of this bus on its schedules at QStash.</summary>
    public required string Service { get; init; }

    public required TimeProvider Time { get; init; }

    public required QStashPublishTopology Topology { get; init; }
}
