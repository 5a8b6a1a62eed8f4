using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using QStash.Client;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// The name under which an endpoint is a member of a URL group. It names the service, so that a service recognises its own members after it
/// has moved to another URL, and does not touch those of other services.
/// </summary>
/// <remarks>
/// QStash documents no grammar for these names. Letters, digits, '.', '_', '-' and the space are known to work, so nothing else is used.
/// After the names of the service and the endpoint a later form has to use a new keyword; then this version does not recognise the name.
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

    /// <summary>The end of the lease, for endpoints that live only as long as their process: after it the member counts as dead.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The program on this machine that it belongs to, in development; see <see cref="ProgramMark"/>.</summary>
    public string? Program { get; init; }

    /// <summary>The keys of the topics that the endpoint subscribes to, if the group itself does not stand for the topic.</summary>
    public IReadOnlyCollection<string> TopicKeys { get; init; } = [];

    /// <summary>
    /// Encodes the mark of a service in legal characters, because it may be an address. Two services never have the same encoding.
    /// </summary>
    public static string Encode(string service)
    {
        var text = new StringBuilder(service.Length);

        // No regex: it would be built at each start.
        for (var i = 0; i < service.Length; i++)
        {
            if (IsPlain(service.AsSpan(i)))
                text.Append(service[i]);
            else
                text.Append(CultureInfo.InvariantCulture, $"_{(int)service[i]:X2}");
        }

        return text.ToString();
    }

    /// <summary>Reads the result of <see cref="Encode"/>.</summary>
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

    /// <summary>Reads the name of a member that a service added; null for all other members, whatever their URL.</summary>
    /// <param name="member">Any member of a URL group.</param>
    /// <param name="service">The service, in the form of <see cref="Encode"/>.</param>
    public static MemberName? ParseOwn(QStashEndpoint member, string service) =>
        Parse(member.Name) is { } name && name.Service == service && name.IsOf(member.Url) ? name : null;

    /// <summary>Reads the name of a member that a program added, at any address; null for all other members.</summary>
    /// <param name="member">Any member of a URL group.</param>
    /// <param name="program">The program, see <see cref="ProgramMark"/>.</param>
    public static MemberName? ParseOfProgram(QStashEndpoint member, string program) =>
        Parse(member.Name) is { } name && name.Program == program && name.IsOf(member.Url) ? name : null;

    /// <summary>Whether both names are of the same endpoint. The other parts of the names do not count.</summary>
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

    // A name that a person chose may look like one of ours: two words, the first like that of a service. So the URL has to match too.
    bool IsOf(string? url)
    {
        var segment = url?[(url.LastIndexOf('/') + 1)..];

        return endpoint == segment
            || (endpoint.StartsWith($"{segment}.", StringComparison.Ordinal) && endpoint.Length == segment?.Length + 1
            + TextHash.ShortLength);
    }

    // An underscore is encoded too if it would read as an encoded character.
    static bool IsPlain(ReadOnlySpan<char> rest) => rest switch
    {
        ['_', var first, var second, ..] => !(char.IsAsciiHexDigitUpper(first) && char.IsAsciiHexDigitUpper(second)),
        [var character, ..] => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-',
        [] => true,
    };

    [GeneratedRegex("_[0-9A-F]{2}")]
    private static partial Regex Encoded();
}
