namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// A receive endpoint and the topics it wants to get: the names of message types, and those it subscribes to by name.
/// </summary>
sealed record Subscriber(string EndpointName, Uri Address, IReadOnlyList<string> Topics, bool IsTemporary)
{
    public string Url => Address.AbsoluteUri;
}
