using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// How subscriptions are written down in QStash's URL groups.
/// </summary>
interface ISubscriptionLayout
{
    /// <summary>Reads the groups that can hold subscriptions.</summary>
    Task<IReadOnlyList<QStashUrlGroup>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The groups an endpoint that wants these topics has to be in.</summary>
    IEnumerable<Membership> Place(IReadOnlyList<string> topics);

    /// <summary>Where to publish what belongs to these topics, so that each subscriber gets it.</summary>
    ValueTask<IReadOnlyList<string>> ResolveAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken);

    /// <summary>Says that this process changed a group.</summary>
    void Changed();
}
