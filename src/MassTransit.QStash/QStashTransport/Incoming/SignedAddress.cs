using System.Text;
using System.Text.RegularExpressions;

namespace MassTransit.QStashTransport.Incoming;

/// <summary>
/// The address a token was made for, in a form that may be logged.
/// </summary>
static partial class SignedAddress
{
    const int MaxLength = 300;

    /// <summary>The address without password and query, which may hold secrets of another service, and otherwise unchanged.</summary>
    public static string Show(string address)
    {
        var end = address.AsSpan().IndexOfAny('?', '#');
        var plain = UserInfo().Replace(end is -1 ? address : $"{address.AsSpan(0, end)}?…", "//…@");
        var shown = new StringBuilder();

        foreach (var character in plain.AsSpan(0, Math.Min(plain.Length, MaxLength)))
            shown.Append(char.IsControl(character) || char.IsSurrogate(character) ? '?' : character);

        return shown.ToString();
    }

    /// <summary>Describes a difference that the eye may miss, for the log; else empty.</summary>
    public static string Compare(string signed, string own) => (signed, own) switch
    {
        _ when signed.TrimEnd('/') == own.TrimEnd('/') => ", which differs in a slash at the end",
        _ when signed.Equals(own, StringComparison.OrdinalIgnoreCase) => ", which differs in upper and lower case",
        _ => "",
    };

    [GeneratedRegex("//[^/]*@")]
    private static partial Regex UserInfo();
}
