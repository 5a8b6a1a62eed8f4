using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// One URL group for everything, where the name of each member tells its topics; who publishes looks up the URLs. For plans with
/// few groups.
/// </summary>
/// <param name="urlGroups">The URL groups of the account.</param>
/// <param name="urlGroup">The name of the directory.</param>
/// <param name="cacheDuration">How long a publisher relies on what it has read.</param>
/// <param name="timeProvider">The clock.</param>
sealed class DirectoryLayout(IQStashUrlGroups urlGroups, string urlGroup, TimeSpan cacheDuration, TimeProvider timeProvider)
    : ISubscriptionLayout
{
    readonly Lock _lock = new();
    Task<(string Url, MemberName Name)[]>? _members;
    DateTimeOffset _readAt;

    public async Task<IReadOnlyList<QStashUrlGroup>> ReadAsync(CancellationToken cancellationToken) =>
        await urlGroups.GetAsync(urlGroup, cancellationToken).ConfigureAwait(false) is { } group ? [group] : [];

    public IEnumerable<Membership> Place(IReadOnlyList<string> topics) =>
        topics.Count > 0 ? [new Membership(urlGroup, topics.Select(TextHash.Short).ToArray())] : [];

    /// <summary>The URL of each endpoint that wants one of the topics, once, however many of them it wants.</summary>
    public async ValueTask<IReadOnlyList<string>> ResolveAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var members = await GetMembersAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var keys = topics.Select(TextHash.Short).ToHashSet(StringComparer.Ordinal);
        var now = timeProvider.GetUtcNow();

        return members
            .Where(member => !(member.Name.Until <= now) && member.Name.TopicKeys.Any(keys.Contains))
            .Select(member => member.Url)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
    }

    public void Changed()
    {
        lock (_lock)
            _members = null;
    }

    // One reading for all who publish meanwhile. A failed one is not kept.
    Task<(string Url, MemberName Name)[]> GetMembersAsync()
    {
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();

            if (_members is null or { IsFaulted: true } or { IsCanceled: true } || now - _readAt >= cacheDuration)
                (_members, _readAt) = (ReadMembersAsync(), now);

            return _members;
        }
    }

    async Task<(string Url, MemberName Name)[]> ReadMembersAsync()
    {
        var groups = await ReadAsync(CancellationToken.None).ConfigureAwait(false);

        return (
            from member in groups.SelectMany(x => x.Endpoints)
            let name = MemberName.Parse(member.Name)
            where name is not null && member.Url is not null
            select (member.Url, name)).ToArray();
    }
}
