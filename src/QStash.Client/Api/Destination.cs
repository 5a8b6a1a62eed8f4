namespace QStash.Client;

// The destination is part of the request path, character by character. Whatever the HTTP stack, a proxy or
// QStash could read differently is refused instead of repaired: the delivery's signature covers this exact text.
static class Destination
{
    // A sender uses the same destination again and again, and reading a URL takes longer than all other checks of a message.
    [ThreadStatic]
    static string? _lastValid;

    public static string Check(string? value, string parameter)
    {
        if (value is not null && value == _lastValid)
            return value;

        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException("Destination is empty. Set an absolute http or https URL, or the name of a URL group.", parameter);

        if (!value.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            && !value.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return Grammar.Name(value, "Destination (neither an http or https URL nor the name of a URL group)", parameter);

        if (!Grammar.IsVisible(value))
            throw new ArgumentException(
                "Destination contains blanks, control or non-ASCII characters. Percent-encode its path and query, "
                + "and write its host in Punycode.", parameter);

        if (value.Contains('#'))
            throw new ArgumentException("Destination has a '#fragment', which HTTP cannot carry. Remove it, or write '%23'.", parameter);

        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Host.Length == 0)
            throw new ArgumentException("Destination is not a valid URL. Check its host and port.", parameter);

        if (TakenParameter(value) is { } name)
            throw new ArgumentException(
                $"Destination has the query parameter '{Grammar.Shorten(name)}', which QStash would take for its own and remove. "
                + "Use the properties of the message instead.", parameter);

        return _lastValid = value;
    }

    static string? TakenParameter(string value)
    {
        var start = value.IndexOf('?', StringComparison.Ordinal);
        if (start < 0)
            return null;

        foreach (var pair in value[(start + 1)..].Split('&'))
        {
            var name = Uri.UnescapeDataString(pair.Split('=', 2)[0]);
            if (name.Equals("qstash_token", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("upstash-", StringComparison.OrdinalIgnoreCase))
                return name;
        }

        return null;
    }
}
