using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The services of a bus that the handling of requests needs. Created when the bus is built, and not changed after that.
/// </summary>
sealed record IncomingServices
{
    /// <summary>The size of the largest body, in bytes.</summary>
    public required int BodyLimit { get; init; }

    /// <summary>By how much the clocks of QStash and of this service may differ.</summary>
    public required TimeSpan ClockTolerance { get; init; }

    public required Func<string, IDeliveryTarget?> FindEndpoint { get; init; }

    /// <summary>Detects deliveries whose headers were changed.</summary>
    public required HeaderBinding HeaderBinding { get; init; }

    /// <summary>Checks data that the signature does not cover.</summary>
    public required AccountProof Proof { get; init; }

    /// <summary>Null when replays are not refused.</summary>
    public required ReplayGuard? ReplayGuard { get; init; }

    public required TimeProvider Time { get; init; }

    public required DeliveryVerifiers Verifiers { get; init; }
}
