namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// The place of an endpoint in a URL group.
/// </summary>
/// <param name="UrlGroup">The name of the group.</param>
/// <param name="TopicKeys">
/// The keys of topics that the name of the member has to contain; empty if the group itself stands for the topic.
/// </param>
readonly record struct Membership(string UrlGroup, IReadOnlyCollection<string> TopicKeys);
