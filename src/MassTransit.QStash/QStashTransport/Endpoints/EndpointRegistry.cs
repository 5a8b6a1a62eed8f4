using System.Collections.Concurrent;
using MassTransit.QStashTransport.Subscriptions;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Endpoints;

/// <summary>
/// The receive endpoints of a bus by name.
/// </summary>
sealed class EndpointRegistry
{
    // MassTransit compares names of endpoints without case too.
    readonly ConcurrentDictionary<string, QStashReceiveTransport> _transports = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Names => _transports.Keys;

    public IEnumerable<Subscriber> Subscribers => _transports.Values.Select(transport => transport.Subscriber);

    /// <summary>Whether there are endpoints besides the bus endpoint, which each bus has.</summary>
    public bool HasOwn => _transports.Values.Any(transport => !transport.IsBusEndpoint);

    public QStashReceiveTransport? Find(string endpointName) => _transports.GetValueOrDefault(endpointName);

    /// <summary>The endpoint at an address; null if it is not one of the bus.</summary>
    public QStashReceiveTransport? Find(Uri address) =>
        address.GetEndpointName() is { } name && Find(name) is { } transport && transport.InputAddress == address ? transport : null;

    public void Add(QStashReceiveTransport transport) => _transports[transport.EndpointName] = transport;

    /// <summary>Removes an endpoint from the bus for good.</summary>
    public void Remove(QStashReceiveTransport transport)
    {
        _transports.TryRemove(KeyValuePair.Create(transport.EndpointName, transport));
        transport.Close();
    }

    /// <summary>Tells all endpoints that the bus is about to stop.</summary>
    public void Close()
    {
        foreach (var transport in _transports.Values)
            transport.Close();
    }
}
