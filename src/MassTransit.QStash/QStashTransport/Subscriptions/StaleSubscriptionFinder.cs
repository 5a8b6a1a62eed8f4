using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// Tells which members of URL groups this service has left behind. Members of others are never among them.
/// </summary>
/// <param name="layout">How subscriptions are written down.</param>
/// <param name="service">The name by which members of this service are known.</param>
/// <param name="program">The program in development, see <see cref="ProgramMark"/>; null elsewhere.</param>
/// <param name="subscribers">The endpoints this process has now, those of its other buses too.</param>
/// <param name="timeProvider">The clock.</param>
sealed class StaleSubscriptionFinder(ISubscriptionLayout layout, string service, string? program,
    Func<IEnumerable<Subscriber>> subscribers, TimeProvider timeProvider)
{
    /// <summary>
    /// Finds members that nobody needs any more, how QStash knows each, and the name that is to remain where only some of its
    /// topics are stale.
    /// </summary>
    public IEnumerable<(QStashStaleSubscription Subscription, QStashEndpoint Member, MemberName? Remaining)> Find(
        IReadOnlyList<QStashUrlGroup> groups)
    {
        ILookup<string, Subscriber> known = subscribers().ToLookup(subscriber => subscriber.Url, StringComparer.Ordinal);

        foreach (var group in groups)
        {
            foreach (var member in group.Endpoints)
            {
                // What does not carry the name of this service was put there by somebody else, for a reason. Members with a lease go
                // when it is over.
                if (MemberName.ParseOwn(member, service) is not { Until: null } name
                    || Identify(group.Endpoints, member) is not { } identity)
                    continue;

                var subscriber = known[member.Url!].FirstOrDefault();

                // Whether QStash tells names apart that differ in case is not documented. It is better to keep one too many than to
                // remove one too many.
                Membership[] places = layout.Place(subscriber?.Topics ?? [])
                    .Where(place => place.UrlGroup.Equals(group.Name, StringComparison.OrdinalIgnoreCase)).ToArray();

                QStashStaleSubscription Stale(string reason) => new(group.Name, member.Url!, member.Name, reason);

                if (subscriber is null)
                    yield return (Stale("this service has no such endpoint"), identity, null);
                else if (places.Length == 0)
                    yield return (Stale("the endpoint does not subscribe to it any more"), identity, null);
                else if (name.TopicKeys.Except(places[0].TopicKeys).Any())
                    yield return (Stale("the endpoint does not subscribe to all of its topics any more"), identity,
                        name.WithTopicKeys(name.TopicKeys.Intersect(places[0].TopicKeys)));
            }
        }
    }

    /// <summary>Finds members whose process has not been heard of for long.</summary>
    public IEnumerable<(string UrlGroup, QStashEndpoint Member)> FindExpired(IReadOnlyList<QStashUrlGroup> groups) =>
        from urlGroup in groups
        from member in urlGroup.Endpoints
        where ParseOwn(member)?.Until <= timeProvider.GetUtcNow()
        let identity = Identify(urlGroup.Endpoints, member)
        where identity is not null
        select (urlGroup.Name, identity);

    // Of another port of the same program too: a lease that is over is over.
    MemberName? ParseOwn(QStashEndpoint member) =>
        MemberName.ParseOwn(member, service) ?? (program is null ? null : MemberName.ParseOfProgram(member, program));

    /// <summary>
    /// What sets a member apart from the others of its group: two may have the same URL, and it is not documented that two cannot
    /// have the same name. Null if it cannot be taken out alone.
    /// </summary>
    public static QStashEndpoint? Identify(IReadOnlyList<QStashEndpoint> members, QStashEndpoint member)
    {
        if (!string.IsNullOrEmpty(member.Name) && members.Count(other => other.Name == member.Name) == 1)
            return new QStashEndpoint { Name = member.Name };

        return members.Count(other => other.Url == member.Url) == 1 ? new QStashEndpoint { Url = member.Url } : null;
    }
}
