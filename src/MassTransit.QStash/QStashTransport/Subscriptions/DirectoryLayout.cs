using MassTransit.QStashTransport.Wire;
using QStash.Client;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// One URL group for everything, for plans with few groups. The name of each member contains its topics, and a publisher looks up the URLs.
/// </summary>
/// <param name="urlGroups">The URL groups of the account.</param>
/// <param name="urlGroup">The name of the directory.</param>
/// <param name="cacheDuration">How long a publisher uses what it has read.</param>
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

    /// <summary>The URL of each endpoint that subscribes to one or more of the topics, without duplicates.</summary>
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

    // Publishes that come while the directory is read share the reading. A failed reading is not kept.
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
