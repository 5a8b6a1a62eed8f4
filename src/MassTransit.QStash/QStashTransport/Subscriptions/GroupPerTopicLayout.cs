using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// A URL group for each topic, which QStash resolves itself.
/// </summary>
sealed class GroupPerTopicLayout(IQStashUrlGroups urlGroups) : ISubscriptionLayout
{
    public Task<IReadOnlyList<QStashUrlGroup>> ReadAsync(CancellationToken cancellationToken) => urlGroups.ListAsync(cancellationToken);

    public IEnumerable<Membership> Place(IReadOnlyList<string> topics) => topics.Select(topic => new Membership(topic, []));

    public ValueTask<IReadOnlyList<string>> ResolveAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken) => new(topics);

    public void Changed()
    {
    }
}
