using System.Globalization;
using System.Text.RegularExpressions;

namespace QStash.Tool;

/// <summary>
/// What the names say that MassTransit.QStash gives to the members of URL groups:
/// <c>service endpoint [until unix-seconds] [topics key …]</c>, where other characters than letters, digits, '.', '_' and '-' of a
/// service are
/// written as <c>_3A</c>.
/// </summary>
/// <param name="Service">Whose endpoint it is.</param>
/// <param name="Endpoint">The receive endpoint.</param>
/// <param name="Until">When the member counts as dead unless its service renews this; <see langword="null"/> for one that stays.</param>
sealed partial record MemberText(string Service, string Endpoint, DateTimeOffset? Until)
{
    /// <summary><see langword="null"/> for a name that somebody else chose.</summary>
    public static MemberText? Parse(string? name)
    {
        if (name?.Split(' ') is not [{ Length: > 0 } service, { Length: > 0 } endpoint, .. var facts])
            return null;

        DateTimeOffset? until = null;
        if (facts is ["until", var number, .. var more]
            && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            (until, facts) = (DateTimeOffset.FromUnixTimeSeconds(seconds), more);

        return facts is [] or ["topics", ..] ? new MemberText(Decode(service), endpoint, until) : null;
    }

    static string Decode(string service) =>
        Encoded().Replace(service, static match =>
            ((char)int.Parse(match.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex("_[0-9A-F]{2}")]
    private static partial Regex Encoded();
}
