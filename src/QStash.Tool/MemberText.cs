using System.Globalization;
using System.Text.RegularExpressions;

namespace QStash.Tool;

/// <summary>
/// Reads the names that MassTransit.QStash gives to members of URL groups:
/// <c>service endpoint [until unix-seconds] [program mark] [topics key …]</c>.
/// In the name of a service, characters other than letters, digits, '.', '_' and '-' are written as <c>_3A</c>.
/// </summary>
/// <param name="Service">The service of the endpoint.</param>
/// <param name="Endpoint">The receive endpoint.</param>
/// <param name="Until">When the lease of the member ends, unless its service renews it; <see langword="null"/> without a lease.</param>
sealed partial record MemberText(string Service, string Endpoint, DateTimeOffset? Until)
{
    /// <summary>Reads a name; <see langword="null"/> for one of another form.</summary>
    public static MemberText? Parse(string? name)
    {
        if (name?.Split(' ') is not [{ Length: > 0 } service, { Length: > 0 } endpoint, .. var facts])
            return null;

        DateTimeOffset? until = null;
        if (facts is ["until", var number, .. var more]
            && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            (until, facts) = (DateTimeOffset.FromUnixTimeSeconds(seconds), more);

        if (facts is ["program", _, .. var rest])
            facts = rest;

        return facts is [] or ["topics", ..] ? new MemberText(Decode(service), endpoint, until) : null;
    }

    static string Decode(string service) =>
        Encoded().Replace(service, static match =>
            ((char)int.Parse(match.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex("_[0-9A-F]{2}")]
    private static partial Regex Encoded();
}
