using System.Globalization;
using System.Text.RegularExpressions;
using QStash.Client;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The name under which an endpoint is in a URL group. It says whose endpoint it is, so that a service knows its own members
/// again after it has moved to another URL, and touches nobody else's.
/// </summary>
/// <remarks>
/// QStash documents no grammar for it. What is known to work are letters, digits, '.', '_', '-' and the space, so nothing else is used.
/// A later form begins what follows the two names with another word, and is then no name to this version.
/// </remarks>
/// <example><c>orders cache.Kq2_x91Z until 1767229200 topics Zx3-a9Qk 7bKq_d01</c>, and in development
/// <c>localhost_3A5000_2Fqstash submit-order program hT3_a0Qk</c></example>
/// <param name="service">The service, in the form of <see cref="Encode"/>.</param>
/// <param name="endpoint">The name of the receive endpoint, with a mark of its URL if it is temporary.</param>
sealed partial class MemberName(string service, string endpoint)
{
    const string UntilKey = "until";
    const string ProgramKey = "program";
    const string TopicsKey = "topics";

    public string Service => service;
    public string Endpoint => endpoint;

    /// <summary>When the member counts as dead unless it renews this, for endpoints that live only as long as their process.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The program on this machine that it belongs to, in development; see <see cref="ProgramMark"/>.</summary>
    public string? Program { get; init; }

    /// <summary>The keys of the topics it wants, where the group does not tell.</summary>
    public IReadOnlyCollection<string> TopicKeys { get; init; } = [];

    /// <summary>
    /// Writes what marks a service in the characters of a name: an address has others. Two services never become the same.
    /// </summary>
    public static string Encode(string service) =>
        ToEncode().Replace(service, match => string.Create(CultureInfo.InvariantCulture, $"_{(int)match.ValueSpan[0]:X2}"));

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    public static string Decode(string service) =>
        Encoded().Replace(service,
            match => ((char)int.Parse(match.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    /// <summary>Reads the name of a member; null if it was not written by this transport, or by a newer one in another form.</summary>
    public static MemberName? Parse(string? text)
    {
        if (text?.Split(' ') is not [var service, var endpoint, .. var facts])
            return null;

        DateTimeOffset? until = null;

        if (facts is [UntilKey, var number, .. var more]
            && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            (until, facts) = (DateTimeOffset.FromUnixTimeSeconds(seconds), more);

        string? program = null;

        if (facts is [ProgramKey, var mark, .. var rest])
            (program, facts) = (mark, rest);

        return facts switch
        {
            [] => new MemberName(service, endpoint) { Until = until, Program = program },
            [TopicsKey, .. var keys] => new MemberName(service, endpoint) { Until = until, Program = program, TopicKeys = keys },
            _ => null,
        };
    }

    /// <summary>Reads the name of a member that a service put there; null for all others, whatever their URL.</summary>
    /// <param name="member">Any member of a URL group.</param>
    /// <param name="service">The service, in the form of <see cref="Encode"/>.</param>
    public static MemberName? ParseOwn(QStashEndpoint member, string service) =>
        Parse(member.Name) is { } name && name.Service == service && name.IsOf(member.Url) ? name : null;

    /// <summary>Reads the name of a member that a program put there, at whatever address; null for all others.</summary>
    /// <param name="member">Any member of a URL group.</param>
    /// <param name="program">The program, see <see cref="ProgramMark"/>.</param>
    public static MemberName? ParseOfProgram(QStashEndpoint member, string program) =>
        Parse(member.Name) is { } name && name.Program == program && name.IsOf(member.Url) ? name : null;

    /// <summary>Whether both are names of the same endpoint, whatever else they say.</summary>
    public bool IsSameEndpoint(MemberName other) => Service == other.Service && Endpoint == other.Endpoint;

    public MemberName WithTopicKeys(IEnumerable<string> keys) =>
        new(service, endpoint) { Until = Until, Program = Program, TopicKeys = keys.ToArray() };

    public override string ToString()
    {
        var text = $"{service} {endpoint}";

        if (Until is { } until)
            text += string.Create(CultureInfo.InvariantCulture, $" {UntilKey} {until.ToUnixTimeSeconds()}");

        if (Program is not null)
            text += $" {ProgramKey} {Program}";

        if (TopicKeys.Count > 0)
            text += $" {TopicsKey} {string.Join(' ', TopicKeys)}";

        return text;
    }

    // A person may choose a name of two words too, and the first of them is like that of a service.
    bool IsOf(string? url)
    {
        var segment = url?[(url.LastIndexOf('/') + 1)..];

        return endpoint == segment
            || (endpoint.StartsWith($"{segment}.", StringComparison.Ordinal) && endpoint.Length == segment?.Length + 1
            + TextHash.ShortLength);
    }

    // An underscore too where it would read as an encoded character.
    [GeneratedRegex("[^A-Za-z0-9._-]|_(?=[0-9A-F]{2})")]
    private static partial Regex ToEncode();

    [GeneratedRegex("_[0-9A-F]{2}")]
    private static partial Regex Encoded();
}
