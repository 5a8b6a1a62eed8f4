using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// Tells which members of URL groups this service has left behind (S10). Members of others are never among them.
/// </summary>
/// <param name="layout">How subscriptions are written down.</param>
/// <param name="service">The name by which members of this service are known.</param>
/// <param name="endpointBase">What the URLs of this service's endpoints start with.</param>
/// <param name="subscribers">The endpoints this process has now, those of its other buses too.</param>
/// <param name="timeProvider">The clock.</param>
sealed class StaleSubscriptionFinder(ISubscriptionLayout layout, string service, Uri endpointBase, Func<IEnumerable<Subscriber>> subscribers,
    TimeProvider timeProvider)
{
    /// <summary>
    /// Finds members that nobody needs any more, how QStash knows each, and the name that is to remain where only some of its
    /// topics are stale.
    /// </summary>
    public IEnumerable<(QStashStaleSubscription Subscription, QStashEndpoint Member, MemberName? Remaining)> Find(IReadOnlyList<QStashUrlGroup> groups)
    {
        ILookup<string, Subscriber> known = subscribers().ToLookup(subscriber => subscriber.Url, StringComparer.Ordinal);

        foreach (var group in groups)
        {
            foreach (var member in group.Endpoints)
            {
                var name = MemberName.Parse(member.Name);

                // Members with a lease go when it is over, whoever they belong to.
                if (!IsOwn(member, name) || name?.Until is not null)
                    continue;

                var subscriber = known[member.Url!].FirstOrDefault();
                Membership[] places = layout.Place(subscriber?.Topics ?? []).Where(place => place.UrlGroup == group.Name).ToArray();

                QStashStaleSubscription Stale(string reason) => new(group.Name, member.Url!, member.Name, reason);

                if (subscriber is null)
                    yield return (Stale("this service has no such endpoint"), Identify(member), null);
                // Who put it there by hand, without a name, had a reason.
                else if (name is null)
                    continue;
                else if (places.Length == 0)
                    yield return (Stale("the endpoint does not subscribe to it any more"), Identify(member), null);
                else if (name.TopicKeys.Except(places[0].TopicKeys).Any())
                    yield return (Stale("the endpoint does not subscribe to all of its topics any more"), Identify(member), name.WithTopicKeys(name.TopicKeys.Intersect(places[0].TopicKeys)));
            }
        }
    }

    /// <summary>Finds members whose process has not been heard of for long.</summary>
    public IEnumerable<(string UrlGroup, QStashEndpoint Member)> FindExpired(IReadOnlyList<QStashUrlGroup> groups) =>
        from urlGroup in groups
        from member in urlGroup.Endpoints
        let name = MemberName.Parse(member.Name)
        where name is not null && name.Service == service && name.Until <= timeProvider.GetUtcNow()
        select (urlGroup.Name, Identify(member));

    // A name that is not ours says that the member belongs to somebody else, whatever its URL.
    bool IsOwn(QStashEndpoint member, MemberName? name) => string.IsNullOrEmpty(member.Name)
        ? member.Url!.StartsWith(endpointBase.AbsoluteUri, StringComparison.Ordinal)
        : name?.Service == service;

    // By its name alone where it has one: another member may have the same URL.
    static QStashEndpoint Identify(QStashEndpoint member) =>
        string.IsNullOrEmpty(member.Name) ? new QStashEndpoint { Url = member.Url } : new QStashEndpoint { Name = member.Name };
}
