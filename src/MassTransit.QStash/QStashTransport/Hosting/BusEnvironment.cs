using MassTransit.QStashTransport.Endpoints;
using MassTransit.QStashTransport.Incoming;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// The services that a bus gets from its application.
/// </summary>
sealed record BusEnvironment
{
    /// <summary>The name of the bus; empty for the default one.</summary>
    public required string BusName { get; init; }

    /// <summary>Gets all buses on QStash, including this one; called once they are built.</summary>
    public required Func<IEnumerable<QStashHostConfiguration>> AllBuses { get; init; }

    public required IHttpClientFactory HttpClientFactory { get; init; }

    public required ApplicationLife Life { get; init; }

    /// <summary>Creates the replay guard; gives null when there is no cache for its tokens.</summary>
    public required Func<ReplayGuard?> CreateReplayGuard { get; init; }

    /// <summary>The program on a developer's machine; null when there is no server.</summary>
    public DevelopmentProgram? Program { get; init; }

    public required TimeProvider Time { get; init; }
}
