using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// Finds the members of URL groups that this service has left behind. It never returns members of other services.
/// </summary>
/// <param name="layout">How subscriptions are stored.</param>
/// <param name="service">The name that marks members of this service.</param>
/// <param name="program">The program in development, see <see cref="ProgramMark"/>; null elsewhere.</param>
/// <param name="subscribers">The endpoints that this process has now, including those of its other buses.</param>
/// <param name="timeProvider">The clock.</param>
sealed class StaleSubscriptionFinder(ISubscriptionLayout layout, string service, string? program,
    Func<IEnumerable<Subscriber>> subscribers, TimeProvider timeProvider)
{
    /// <summary>
    /// Finds members that are no longer needed. For each it gives the identity at QStash, and the name to keep if only some of its topics
    /// are stale.
    /// </summary>
    public IEnumerable<(QStashStaleSubscription Subscription, QStashEndpoint Member, MemberName? Remaining)> Find(
        IReadOnlyList<QStashUrlGroup> groups)
    {
        ILookup<string, Subscriber> known = subscribers().ToLookup(subscriber => subscriber.Url, StringComparer.Ordinal);

        foreach (var group in groups)
        {
            foreach (var member in group.Endpoints)
            {
                // A member without the name of this service was added by somebody else on purpose. Members with a lease are removed when it
                // is over.
                if (MemberName.ParseOwn(member, service) is not { Until: null } name
                    || Identify(group.Endpoints, member) is not { } identity)
                    continue;

                var subscriber = known[member.Url!].FirstOrDefault();

                // QStash does not document whether names that differ only in case are different. It is better to keep one member too many
                // than to remove one too many.
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

    /// <summary>Finds members whose lease is over, because their process no longer renews it.</summary>
    public IEnumerable<(string UrlGroup, QStashEndpoint Member)> FindExpired(IReadOnlyList<QStashUrlGroup> groups) =>
        from urlGroup in groups
        from member in urlGroup.Endpoints
        where ParseOwn(member)?.Until <= timeProvider.GetUtcNow()
        let identity = Identify(urlGroup.Endpoints, member)
        where identity is not null
        select (urlGroup.Name, identity);

    // In development, members of the same program at another port count too.
    MemberName? ParseOwn(QStashEndpoint member) =>
        MemberName.ParseOwn(member, service) ?? (program is null ? null : MemberName.ParseOfProgram(member, program));

    /// <summary>
    /// The fields that distinguish a member from the others of its group: two members may have the same URL, and QStash does not document
    /// that names are unique. Null if the member cannot be removed alone.
    /// </summary>
    public static QStashEndpoint? Identify(IReadOnlyList<QStashEndpoint> members, QStashEndpoint member)
    {
        if (!string.IsNullOrEmpty(member.Name) && members.Count(other => other.Name == member.Name) == 1)
            return new QStashEndpoint { Name = member.Name };

        return members.Count(other => other.Url == member.Url) == 1 ? new QStashEndpoint { Url = member.Url } : null;
    }
}
