namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// A receive endpoint and the topics it subscribes to: the names of message types, and names given to <c>Subscribe</c>.
/// </summary>
sealed record Subscriber(string EndpointName, Uri Address, IReadOnlyList<string> Topics, bool IsTemporary)
{
    public string Url => Address.AbsoluteUri;
}
