using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// What the HTTP side needs of a bus. Made when the bus is built, and not changed after that.
/// </summary>
sealed record IncomingServices
{
    /// <summary>The size of the largest body, in bytes.</summary>
    public required int BodyLimit { get; init; }

    /// <summary>By how much the clocks of QStash and of this service may differ.</summary>
    public required TimeSpan ClockTolerance { get; init; }

    public required Func<string, IDeliveryTarget?> FindEndpoint { get; init; }

    /// <summary>Notices when somebody changes the headers of a delivery.</summary>
    public required HeaderBinding HeaderBinding { get; init; }

    /// <summary>Checks what the signature does not cover.</summary>
    public required AccountProof Proof { get; init; }

    /// <summary>Null when replays need not be noticed.</summary>
    public required ReplayGuard? ReplayGuard { get; init; }

    public required TimeProvider Time { get; init; }

    public required DeliveryVerifiers Verifiers { get; init; }
}
