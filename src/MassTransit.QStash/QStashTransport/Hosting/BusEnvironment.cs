using MassTransit.QStashTransport.Endpoints;
using MassTransit.QStashTransport.Incoming;

namespace MassTransit.QStashTransport.Hosting;

/// <summary>
/// What a bus gets from the application that it is a part of.
/// </summary>
sealed record BusEnvironment
{
    /// <summary>The name of the bus; empty for the default one.</summary>
    public required string BusName { get; init; }

    /// <summary>All buses on QStash, this one included; asked once they are built.</summary>
    public required Func<IEnumerable<QStashHostConfiguration>> AllBuses { get; init; }

    public required IHttpClientFactory HttpClientFactory { get; init; }

    public required ApplicationLife Life { get; init; }

    /// <summary>Null where there is no cache to remember tokens in.</summary>
    public required Func<ReplayGuard?> CreateReplayGuard { get; init; }

    /// <summary>The program on a developer's machine; null where there is no server.</summary>
    public DevelopmentProgram? Program { get; init; }

    public required TimeProvider Time { get; init; }
}
