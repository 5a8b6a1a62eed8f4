namespace MassTransit.QStash.Soak.Processes;

/// <summary>A request of QStash, as the proxy saw it.</summary>
/// <param name="Route">Where it went.</param>
/// <param name="Path">Its path, which ends with the name of the endpoint.</param>
/// <param name="Headers">Its headers, without those about the connection.</param>
/// <param name="Body">Its body.</param>
/// <param name="ExpiresAt">When its signature ends, with some seconds to spare.</param>
sealed record CapturedDelivery(ProxyRoute Route, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, DateTimeOffset ExpiresAt)
{
    public string Endpoint => Path[(Path.LastIndexOf('/') + 1)..];
}
