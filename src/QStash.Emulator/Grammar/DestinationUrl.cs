using System.Text;

namespace QStash.Emulator.Grammar;

/// <summary>Absolute http(s) URLs. A delivery goes to exactly the bytes that were published.</summary>
static class DestinationUrl
{
    // Most attempts of a thread go where the last one went.
    [ThreadStatic]
    static (string Url, bool Verbatim, Uri Uri)? _last;

    static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static bool HasScheme(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Checks a URL and prepares it for a request: it escapes characters that are not ASCII, and removes a fragment, which never reaches a
    /// server. Everything else stays unchanged. Null when the text is not a usable URL.
    /// </summary>
    public static string? Normalize(string text)
    {
        var fragment = text.IndexOf('#', StringComparison.Ordinal);
        var url = fragment < 0 ? text : text[..fragment];
        if (!HasScheme(url) || url.AsSpan().ContainsAnyInRange('\0', ' ') || url.Contains('\x7f', StringComparison.Ordinal))
            return null;

        if (!Ascii.IsValid(url))
            url = string.Concat(url.EnumerateRunes().Select(
                static rune => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));

        return Uri.TryCreate(url, Verbatim, out var uri) && uri.Host.Length > 0 ? url : null;
    }

    /// <param name="url">A normalized URL.</param>
    /// <param name="verbatim">
    /// Whether to keep every byte. Handlers that parse the URL, such as that of ASP.NET Core's TestServer, cannot use such a Uri.
    /// </param>
    public static Uri ToUri(string url, bool verbatim)
    {
        if (_last is { } last && last.Url == url && last.Verbatim == verbatim)
            return last.Uri;

        var uri = new Uri(WithPath(url), verbatim ? Verbatim : new UriCreationOptions());
        _last = (url, verbatim, uri);
        return uri;
    }

    // docs/qstash-contract.md#g122
    /// <summary>The header for a URL with credentials, such as <c>https://user:password@host</c>; null for any other.</summary>
    public static string? Authorization(Uri url)
    {
        // Nearly no URL has credentials, and to read them from a Uri takes longer than to look for the sign.
        if (!url.OriginalString.Contains('@', StringComparison.Ordinal) || url.UserInfo.Length == 0)
            return null;

        var credentials = url.UserInfo.Contains(':', StringComparison.Ordinal) ? url.UserInfo : url.UserInfo + ":";

        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(credentials)));
    }

    /// <summary>Adds the path "/" if a URL has none, since a request needs one.</summary>
    static string WithPath(string url)
    {
        var host = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.AsSpan(host).IndexOfAny('/', '?');
        if (end < 0)
            return url + "/";

        return url[host + end] == '/' ? url : url.Insert(host + end, "/");
    }

    /// <summary>Scheme, host, port and path, which may be logged. Credentials and the query may be secrets.</summary>
    public static string ForLog(string url) =>
        new Uri(url).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
