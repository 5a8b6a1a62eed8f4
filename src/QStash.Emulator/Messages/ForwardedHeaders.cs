using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

// docs/qstash-contract.md#forwarded-headers
/// <summary>Chooses the headers of a publish that reach the destination.</summary>
static class ForwardedHeaders
{
    /// <summary>Follows the prefix in the name of a header for the destination.</summary>
    public const string Infix = "Forward-";

    /// <summary>Headers of a connection. The delivery has a connection of its own, so they would break it.</summary>
    static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    public static HeaderList Collect(
        IReadOnlyDictionary<string, string[]> inherited, HeaderBag headers, string prefix, string? bearerToken)
    {
        var forwarded = new Dictionary<string, string[]>(inherited, StringComparer.OrdinalIgnoreCase);
        forwarded.EnsureCapacity(headers.Count);
        if (prefix == "Upstash-")
            AddUnprefixed(forwarded, headers, bearerToken);

        // This comes last, so that explicit headers win.
        var forward = prefix + Infix;
        foreach (var (name, values) in headers)
        {
            if (name.StartsWith(forward, StringComparison.OrdinalIgnoreCase) && name.Length > forward.Length)
                Add(forwarded, name[forward.Length..], values);
        }

        return forwarded.Count > 0 ? new HeaderList(forwarded) : HeaderList.Empty;
    }

    static void AddUnprefixed(Dictionary<string, string[]> forwarded, HeaderBag headers, string? bearerToken)
    {
        if (headers.TryGetValue("Content-Type", out var contentType))
            Add(forwarded, "Content-Type", contentType);

        if (!headers.TryGetValue("Upstash-Header-Forward", out var flag) || !bool.TryParse(flag[0], out var all) || !all)
            return;

        foreach (var (name, values) in headers)
        {
            if (!name.StartsWith("Upstash-", StringComparison.OrdinalIgnoreCase) && !IsToken(name, values, bearerToken))
                Add(forwarded, name, values);
        }
    }

    /// <summary>Whether a header contains the token of QStash, which must not reach the destination.</summary>
    static bool IsToken(string name, string[] values, string? bearerToken) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        && bearerToken is not null
        && values.Any(value => value.Contains(bearerToken, StringComparison.Ordinal));

    static void Add(Dictionary<string, string[]> forwarded, string name, string[] values)
    {
        if (!OfTheConnection.Contains(name))
            forwarded[HeaderName.Canonical(name)] = values;
    }
}
