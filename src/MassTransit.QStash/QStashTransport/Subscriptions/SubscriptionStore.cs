using System.Collections.Concurrent;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// Adds the endpoints of a service to URL groups, and removes them again.
/// </summary>
/// <param name="urlGroups">The URL groups of the account.</param>
/// <param name="layout">How subscriptions are stored in them.</param>
/// <param name="stale">Finds members that were left behind.</param>
/// <param name="namedEndpoints">Gets the endpoints from each reading of the groups.</param>
/// <param name="formerPorts">In development, finds what this program left behind at other ports.</param>
/// <param name="service">The service that the members belong to, see <see cref="MemberName"/>.</param>
/// <param name="timeProvider">The clock.</param>
sealed class SubscriptionStore(IQStashUrlGroups urlGroups, ISubscriptionLayout layout, StaleSubscriptionFinder stale,
    NamedEndpoints namedEndpoints, FormerPorts formerPorts, string service, TimeProvider timeProvider)
{
    /// <summary>
    /// How long a temporary member counts as alive without renewal. Long enough to survive an outage of QStash or of the process.
    /// </summary>
    static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    readonly Lock _lock = new();
    readonly ConcurrentDictionary<string, bool> _newcomers = new(StringComparer.Ordinal);
    bool _audited;
    Task<IReadOnlyList<QStashUrlGroup>>? _reading;

    /// <summary>
    /// Whether another process of the same program may treat a member as left behind until the server of this process listens.
    /// </summary>
    public bool MayBeTakenForFormer => formerPorts.Program is not null;

    /// <summary>The period after which a temporary member renews its lease.</summary>
    public static TimeSpan RenewalPeriod => Lease / 3;

    /// <summary>
    /// Reads the groups and writes only to those that the endpoint is not a member of. It adds members and does not remove those that
    /// another version of this service may still need; it removes only the endpoint's own former URL.
    /// </summary>
    public async Task JoinAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        var groups = await ReadAsync(cancellationToken).ConfigureAwait(false);

        if (MayBeTakenForFormer && !groups.SelectMany(group => group.Endpoints).Any(member => member.Url == subscriber.Url))
            _newcomers[subscriber.Url] = true;

        foreach (var place in layout.Place(subscriber.Topics))
        {
            var members = groups.FirstOrDefault(group => group.Name == place.UrlGroup)?.Endpoints ?? [];

            try
            {
                await JoinAsync(subscriber, place, members, cancellationToken).ConfigureAwait(false);
            }
            // Getting published messages matters more than being found by name.
            catch (QStashQuotaException) when (place.UrlGroup != UrlGroupName.Endpoints && members.Count == 0
                && groups.Any(group => group.Name == UrlGroupName.Endpoints))
            {
                LogContext.Warning?.Log("URL group {UrlGroup} is removed to make room for {Topic}, because the plan allows no more. Other "
                    + "services no longer find its members by name: put everything into one group with h.UseDirectory(), or use "
                    + "h.Route(name, address)", UrlGroupName.Endpoints, place.UrlGroup);

                await urlGroups.DeleteAsync(UrlGroupName.Endpoints, cancellationToken).ConfigureAwait(false);
                await JoinAsync(subscriber, place, members, cancellationToken).ConfigureAwait(false);
            }
            // The endpoint still gets messages that are sent to its address.
            catch (QStashQuotaException exception) when (place.UrlGroup == UrlGroupName.Endpoints)
            {
                LogContext.Warning?.Log("The plan has no room for URL group {UrlGroup}, so other services do not find {EndpointName} "
                    + "by its name ({Error}). Put everything into one group with h.UseDirectory(), or tell the others with "
                    + "h.Route(name, address)", place.UrlGroup, subscriber.EndpointName, exception.Message);
            }
        }

        // If the endpoint was a member at this address before, it did not move, and another process of the program may just be stopped.
        if (_newcomers.ContainsKey(subscriber.Url))
        {
            foreach (var group in groups)
                await ReplaceFormerPortsAsync(group, subscriber, cancellationToken).ConfigureAwait(false);

            _newcomers.TryRemove(subscriber.Url, out _);
        }

        layout.Changed();
    }

    /// <summary>The URL groups that an endpoint joins.</summary>
    public IEnumerable<string> GetUrlGroups(Subscriber subscriber) => layout.Place(subscriber.Topics).Select(place => place.UrlGroup);

    public async Task LeaveAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        foreach (var place in layout.Place(subscriber.Topics))
        {
            var group = await urlGroups.GetAsync(place.UrlGroup, cancellationToken).ConfigureAwait(false);
            var own = group?.Endpoints
                .Where(member => member.Url == subscriber.Url && MemberName.ParseOwn(member, service) is not null);

            await RemoveAsync(group, own ?? [], cancellationToken).ConfigureAwait(false);
        }

        layout.Changed();
    }

    public async Task<IReadOnlyList<QStashStaleSubscription>> FindStaleAsync(CancellationToken cancellationToken) =>
        stale.Find(await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(found => found.Subscription).ToArray();

    public async Task<IReadOnlyList<QStashStaleSubscription>> RemoveStaleAsync(CancellationToken cancellationToken)
    {
        var found = stale.Find(await ReadAsync(cancellationToken).ConfigureAwait(false)).ToArray();

        foreach (var (subscription, member, remaining) in found)
        {
            LogContext.Info?.Log("Remove from URL group {UrlGroup}: {Url} ({Reason})", subscription.UrlGroup, subscription.Url,
                subscription.Reason);

            // Add the remaining member first. A gap would lose messages, but two members with one URL do no harm, because their names
            // contain the topics.
            if (remaining is not null)
                await AddAsync(subscription.UrlGroup, subscription.Url, remaining, cancellationToken).ConfigureAwait(false);

            await RemoveAsync(subscription.UrlGroup, member, cancellationToken).ConfigureAwait(false);
        }

        layout.Changed();

        return found.Select(x => x.Subscription).ToArray();
    }

    async Task JoinAsync(Subscriber subscriber, Membership place, IReadOnlyList<QStashEndpoint> members,
        CancellationToken cancellationToken)
    {
        var here = members.Where(member => member.Url == subscriber.Url).ToArray();
        var known = here.SelectMany(member => MemberName.Parse(member.Name)?.TopicKeys ?? []).ToHashSet(StringComparer.Ordinal);

        // A member that was added by hand or by an older version counts too.
        var joined = here.Length > 0 && place.TopicKeys.All(known.Contains) && !subscriber.IsTemporary
            && !here.Any(member => MemberName.ParseOwn(member, service) is { } own && own.Program != formerPorts.Program);

        // Each process has its own temporary endpoint, and their names may be the same.
        var name = new MemberName(service, subscriber.IsTemporary ? $"{subscriber.EndpointName}.{TextHash.Short(subscriber.Url)}"
            : subscriber.EndpointName)
        {
            Until = subscriber.IsTemporary ? timeProvider.GetUtcNow() + Lease : null,
            Program = formerPorts.Program,
            TopicKeys = place.TopicKeys.Union(known).Order(StringComparer.Ordinal).ToArray(),
        };

        if (!joined)
        {
            LogContext.Debug?.Log("Join URL group {UrlGroup}: {InputAddress}", place.UrlGroup, subscriber.Address);

            await AddAsync(place.UrlGroup, subscriber.Url, name, cancellationToken).ConfigureAwait(false);
        }

        QStashEndpoint[] former = members.Where(member => IsFormer(member, subscriber.Url, name, joined)).ToArray();
        if (former.Length > 0)
            await RemoveFormerAsync(place.UrlGroup, members, former, subscriber.Url, cancellationToken).ConfigureAwait(false);
    }

    // A member that the new one replaces: one with the same URL whose name has fewer topics or an older lease, or the same endpoint at
    // another URL.
    static bool IsFormer(QStashEndpoint member, string url, MemberName name, bool joined)
    {
        if (MemberName.ParseOwn(member, name.Service) is not { } other)
            return false;

        return member.Url == url
            ? !joined && member.Name != name.ToString() && other.TopicKeys.All(name.TopicKeys.Contains)
            : other.IsSameEndpoint(name);
    }

    // QStash does not document whether a new member replaces one with the same name or the same URL. So this reads the group again, and
    // removes the former member if it is still there, perhaps without its name.
    async Task RemoveFormerAsync(string urlGroup, IReadOnlyList<QStashEndpoint> before, QStashEndpoint[] former, string url,
        CancellationToken cancellationToken)
    {
        foreach (var moved in former.Where(member => member.Url != url))
            LogContext.Warning?.Log("{MemberName} moved from {OldUrl} to {NewUrl} in URL group {UrlGroup}. If these are two services, "
                + "give each a ServiceName of its own", moved.Name, moved.Url, url, urlGroup);

        var group = await urlGroups.GetAsync(urlGroup, cancellationToken).ConfigureAwait(false);

        var left = group?.Endpoints.Where(member => former.Contains(member)
            || (member.Url != url && !before.Contains(member) && former.Any(gone => gone.Url == member.Url))) ?? [];

        await RemoveAsync(group, left, cancellationToken).ConfigureAwait(false);
    }

    async Task ReplaceFormerPortsAsync(QStashUrlGroup group, Subscriber subscriber, CancellationToken cancellationToken)
    {
        foreach (var former in await formerPorts.FindMembersAsync(group.Endpoints, subscriber, cancellationToken).ConfigureAwait(false))
        {
            LogContext.Info?.Log("Remove {OldUrl} from URL group {UrlGroup}: nobody listens there, and the endpoint is at {NewUrl} now. "
                + "If these are two services, give each a ServiceName of its own", former.Url, group.Name, subscriber.Url);

            await RemoveAsync(group, [former], cancellationToken).ConfigureAwait(false);

            // The former member belongs to another process, which was about to start.
            if (!await FormerPorts.IsDesertedAsync(former, cancellationToken).ConfigureAwait(false))
                await urlGroups.UpsertEndpointsAsync(group.Name, [former], cancellationToken).ConfigureAwait(false);
        }
    }

    // The endpoints of a bus start together and share one reading, because reads count against the burst limit.
    Task<IReadOnlyList<QStashUrlGroup>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reading is not { IsCompleted: false })
                _reading = ReadAndCleanAsync();

            return _reading.WaitAsync(cancellationToken);
        }
    }

    async Task<IReadOnlyList<QStashUrlGroup>> ReadAndCleanAsync()
    {
        var readAt = timeProvider.GetUtcNow();
        var groups = await layout.ReadAsync(CancellationToken.None).ConfigureAwait(false);

        namedEndpoints.Learn(groups, readAt);

        foreach (var (urlGroup, member) in stale.FindExpired(groups))
        {
            LogContext.Info?.Log("Remove from URL group {UrlGroup} a member that a process of this service left behind: {Url}", urlGroup,
                member.Url);

            await RemoveAsync(urlGroup, member, CancellationToken.None).ConfigureAwait(false);
        }

        if (!_audited)
        {
            foreach (var (subscription, _, _) in stale.Find(groups))
                LogContext.Warning?.Log("{Url} is a member of URL group {UrlGroup}, but is no longer needed: {Reason}. Remove it with "
                    + "bus.RemoveStaleSubscriptions()", subscription.Url, subscription.UrlGroup, subscription.Reason);

            _audited = true;
        }

        return groups;
    }

    Task AddAsync(string urlGroup, string url, MemberName name, CancellationToken cancellationToken) =>
        urlGroups.UpsertEndpointsAsync(urlGroup, [new QStashEndpoint { Url = url, Name = name.ToString() }], cancellationToken);

    async Task RemoveAsync(QStashUrlGroup? group, IEnumerable<QStashEndpoint> members, CancellationToken cancellationToken)
    {
        foreach (var member in members)
        {
            if (StaleSubscriptionFinder.Identify(group!.Endpoints, member) is { } identity)
                await RemoveAsync(group.Name, identity, cancellationToken).ConfigureAwait(false);
        }
    }

    async Task RemoveAsync(string urlGroup, QStashEndpoint member, CancellationToken cancellationToken)
    {
        try
        {
            await urlGroups.RemoveEndpointsAsync(urlGroup, [member], cancellationToken).ConfigureAwait(false);
        }
        catch (QStashNotFoundException)
        {
            // Another process removed the member first, and the group disappeared with its last member.
        }
    }
}
