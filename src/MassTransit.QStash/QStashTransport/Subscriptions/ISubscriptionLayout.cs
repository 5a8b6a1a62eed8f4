using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// How subscriptions are stored in QStash's URL groups.
/// </summary>
interface ISubscriptionLayout
{
    /// <summary>Reads the groups that can hold subscriptions.</summary>
    Task<IReadOnlyList<QStashUrlGroup>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The groups that an endpoint has to join to get these topics.</summary>
    IEnumerable<Membership> Place(IReadOnlyList<string> topics);

    /// <summary>The destinations to which a message for these topics is published, so that each subscriber gets it.</summary>
    ValueTask<IReadOnlyList<string>> ResolveAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken);

    /// <summary>Tells the layout that this process changed a group.</summary>
    void Changed();
}
