using System.Collections.Concurrent;
using MassTransit.QStashTransport.Addresses;
using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// Makes the endpoints of a service members of URL groups, and takes them out again.
/// </summary>
/// <param name="urlGroups">The URL groups of the account.</param>
/// <param name="layout">How subscriptions are written down in them.</param>
/// <param name="stale">Finds what was left behind.</param>
/// <param name="namedEndpoints">Learns who is there whenever groups are read.</param>
/// <param name="formerPorts">In development, where this program was before.</param>
/// <param name="service">Whose members they are, see <see cref="MemberName"/>.</param>
/// <param name="timeProvider">The clock.</param>
sealed class SubscriptionStore(IQStashUrlGroups urlGroups, ISubscriptionLayout layout, StaleSubscriptionFinder stale,
    NamedEndpoints namedEndpoints, FormerPorts formerPorts, string service, TimeProvider timeProvider)
{
    /// <summary>
    /// How long a temporary member is believed to be alive. Long enough to outlast an outage of QStash or of the process.
    /// </summary>
    static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    readonly Lock _lock = new();
    readonly ConcurrentDictionary<string, bool> _newcomers = new(StringComparer.Ordinal);
    bool _audited;
    Task<IReadOnlyList<QStashUrlGroup>>? _reading;

    /// <summary>
    /// Whether a member may be taken for one that was left behind, by another process of the same program, until the server listens.
    /// </summary>
    public bool MayBeTakenForFormer => formerPorts.Program is not null;

    /// <summary>How often a temporary member has to join again.</summary>
    public static TimeSpan RenewalPeriod => Lease / 3;

    /// <summary>
    /// Reads the groups that are there and writes only to those the endpoint is missing from. Adds and never removes what another
    /// version of this service may still need; only its own former URL goes.
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
            // What is published matters more than being found by a name.
            catch (QStashQuotaException) when (place.UrlGroup != UrlGroupName.Endpoints && members.Count == 0
                && groups.Any(group => group.Name == UrlGroupName.Endpoints))
            {
                LogContext.Warning?.Log("URL group {UrlGroup} makes room for {Topic}, for the plan allows no more. Other services do "
                    + "not find its members by their names any more: put everything into one group with h.UseDirectory(), or use "
                    + "h.Route(name, address)", UrlGroupName.Endpoints, place.UrlGroup);

                await urlGroups.DeleteAsync(UrlGroupName.Endpoints, cancellationToken).ConfigureAwait(false);
                await JoinAsync(subscriber, place, members, cancellationToken).ConfigureAwait(false);
            }
            // It consumes what is sent to its address all the same.
            catch (QStashQuotaException exception) when (place.UrlGroup == UrlGroupName.Endpoints)
            {
                LogContext.Warning?.Log("The plan has no room for URL group {UrlGroup}, so other services do not find {EndpointName} "
                    + "by its name ({Error}). Put everything into one group with h.UseDirectory(), or tell the others with "
                    + "h.Route(name, address)", place.UrlGroup, subscriber.EndpointName, exception.Message);
            }
        }

        // Where it has been before, it did not move, and another process of the program may just be stopped.
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

            // What is still wanted first: a gap would lose messages, two members of one URL do no harm where names tell topics.
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

        // Put there by hand or by an older version, it counts as well.
        var joined = here.Length > 0 && place.TopicKeys.All(known.Contains) && !subscriber.IsTemporary
            && !here.Any(member => MemberName.ParseOwn(member, service) is { } own && own.Program != formerPorts.Program);

        // Each process has a temporary endpoint of its own, and may call it the same.
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

    // What the new member takes the place of: one of the same URL with less, or an older lease, in its name; and the same endpoint
    // at another URL.
    static bool IsFormer(QStashEndpoint member, string url, MemberName name, bool joined)
    {
        if (MemberName.ParseOwn(member, name.Service) is not { } other)
            return false;

        return member.Url == url
            ? !joined && member.Name != name.ToString() && other.TopicKeys.All(name.TopicKeys.Contains)
            : other.IsSameEndpoint(name);
    }

    // It is not documented whether QStash takes a member of the same name, or of the same URL, for the same, so this looks what the
    // write has left, perhaps without the name.
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

            // It was another process, which was about to start.
            if (!await FormerPorts.IsDesertedAsync(former, cancellationToken).ConfigureAwait(false))
                await urlGroups.UpsertEndpointsAsync(group.Name, [former], cancellationToken).ConfigureAwait(false);
        }
    }

    // The endpoints of a bus start together, and one reading serves them all: reads count against the burst limit.
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
            LogContext.Info?.Log("Remove from URL group {UrlGroup} what a process of this service left behind: {Url}", urlGroup,
                member.Url);

            await RemoveAsync(urlGroup, member, CancellationToken.None).ConfigureAwait(false);
        }

        if (!_audited)
        {
            foreach (var (subscription, _, _) in stale.Find(groups))
                LogContext.Warning?.Log("{Url} is a member of URL group {UrlGroup} in vain: {Reason}. Remove it with "
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
            // Somebody else was faster, and the group went with its last member.
        }
    }
}
