using System.Globalization;

namespace MassTransit.QStashTransport.Subscriptions;

/// <summary>
/// The name under which an endpoint is in a URL group. It says whose endpoint it is, so that a service knows its own members
/// again after it has moved to another URL, and touches nobody else's.
/// </summary>
/// <example><c>orders/cache;until=1767229200;topics=Zx3-a9Qk,7bKq_d01</c></example>
/// <param name="service">The service, and the bus where it has several. May contain slashes.</param>
/// <param name="endpoint">The name of the receive endpoint.</param>
sealed class MemberName(string service, string endpoint)
{
    const string UntilKey = "until=";
    const string TopicsKey = "topics=";

    public string Service => service;

    /// <summary>When the member counts as dead unless it renews this, for endpoints that live only as long as their process.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The keys of the topics it wants, where the group does not tell.</summary>
    public IReadOnlyCollection<string> TopicKeys { get; init; } = [];

    /// <summary>Reads the name of a member; null if it was not written by this transport, or by a newer one in another form.</summary>
    public static MemberName? Parse(string? text)
    {
        if (text?.Split(';') is not [var identity, .. var facts])
            return null;

        var slash = identity.LastIndexOf('/');
        if (slash <= 0)
            return null;

        DateTimeOffset? until = null;
        string[] topicKeys = [];

        foreach (var fact in facts)
        {
            if (fact.StartsWith(UntilKey, StringComparison.Ordinal)
                && uint.TryParse(fact.AsSpan(UntilKey.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                until = DateTimeOffset.FromUnixTimeSeconds(seconds);
            else if (fact.StartsWith(TopicsKey, StringComparison.Ordinal))
                topicKeys = fact[TopicsKey.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            else
                return null;
        }

        return new MemberName(identity[..slash], identity[(slash + 1)..]) { Until = until, TopicKeys = topicKeys };
    }

    /// <summary>Whether both are names of the same endpoint, whatever else they say.</summary>
    public bool IsSameEndpoint(MemberName other) => Service == other.Service && Endpoint == other.Endpoint;

    public MemberName WithTopicKeys(IEnumerable<string> keys) => new(service, endpoint) { Until = Until, TopicKeys = keys.ToArray() };

    public override string ToString()
    {
        var text = $"{service}/{endpoint}";

        if (Until is { } until)
            text += string.Create(CultureInfo.InvariantCulture, $";{UntilKey}{until.ToUnixTimeSeconds()}");

        if (TopicKeys.Count > 0)
            text += $";{TopicsKey}{string.Join(',', TopicKeys)}";

        return text;
    }

    string Endpoint => endpoint;
}
