namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// The place of an endpoint in a URL group.
/// </summary>
/// <param name="UrlGroup">The name of the group.</param>
/// <param name="TopicKeys">What the name of the member has to tell about its topics; nothing where the group itself tells it.</param>
readonly record struct Membership(string UrlGroup, IReadOnlyCollection<string> TopicKeys);
