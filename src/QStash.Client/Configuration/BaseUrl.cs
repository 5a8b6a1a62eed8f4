namespace QStash.Client;

// Turns the configured URL into the text that every request URL starts with, without a trailing slash and without an API prefix, which
// would appear twice.
static class BaseUrl
{
    public static string Normalize(Uri? url)
    {
        if (url is not { IsAbsoluteUri: true } || url.Scheme is not ("http" or "https"))
            throw new ArgumentException(
                $"Url must be an absolute http or https URL such as https://qstash.upstash.io. Check {QStashSettings.UrlVariable}.");

        // The token must not travel in the clear. Emulators have other names.
        if (url.Scheme == "http" && url.Host.EndsWith(".upstash.io", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"Url must be an https URL. Check {QStashSettings.UrlVariable}.");

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            throw new ArgumentException(
                $"Url must not contain a user, a query or a fragment. Put the token into Token ({QStashSettings.TokenVariable}).");

        var path = url.AbsolutePath.TrimEnd('/');
        foreach (var pasted in (string[])["/v2/publish", "/v2"])
        {
            if (path.EndsWith(pasted, StringComparison.OrdinalIgnoreCase))
            {
                path = path[..^pasted.Length].TrimEnd('/');
                break;
            }
        }

        return url.GetLeftPart(UriPartial.Authority) + path;
    }
}
