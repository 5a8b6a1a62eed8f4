using System.Net;

namespace MassTransit.QStash.Tests.Support;

/// <summary>
/// Where a service runs, and how QStash gets to it.
/// </summary>
interface ICloud
{
    /// <summary>The clock of the services.</summary>
    TimeProvider Time { get; }

    /// <summary>Where a service listens.</summary>
    string ListenUrl { get; }

    /// <summary>The address a service is known by to QStash.</summary>
    Uri GetAddress(string host);

    /// <summary>Sets up the connection to QStash.</summary>
    void Connect(IQStashHostConfigurator host);

    /// <summary>Makes a name lead to a server.</summary>
    void Resolve(string host, IPEndPoint address);
}
