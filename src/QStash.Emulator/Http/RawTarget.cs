using System.Net;

namespace QStash.Emulator.Http;

/// <summary>
/// The request target as it came over the wire. A destination in it must stay as it was written, but ASP.NET Core decodes escapes and
/// resolves dot segments of a path.
/// </summary>
sealed class RawTarget
{
    readonly string _path;
    readonly string? _query;

    RawTarget(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        _path = query < 0 ? target : target[..query];
        _query = query < 0 ? null : target[(query + 1)..];
    }

    public static RawTarget Parse(string target)
    {
        // A client may send the absolute form, "http://host/path"; only the part behind the host matters.
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            var path = target.IndexOf('/', scheme + 3);
            target = path < 0 ? "/" : target[path..];
        }

        return new RawTarget(target);
    }

    /// <summary>The rest of the path behind a prefix, without the query; null when the path starts differently.</summary>
    public string? PathAfter(string prefix) =>
        _path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? _path[prefix.Length..] : null;

    /// <summary>The destination behind a prefix that the path starts with; empty when there is none.</summary>
    public string DestinationAfter(string prefix) => _path.Length > prefix.Length ? _path[(prefix.Length + 1)..] : "";

    public string? QueryValue(string name) =>
        Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The parameters for QStash, not for the destination.</summary>
    public IEnumerable<(string Name, string Value)> Configuration =>
        Parameters.Where(parameter => IsUpstash(parameter.Name)).Select(parameter => (parameter.Name, parameter.Value));

    /// <summary>The query of the destination including its question mark: all parameters that are not for QStash, in order.</summary>
    public string DestinationQuery
    {
        get
        {
            if (_query is null)
                return "";

            var own = Parameters.Where(parameter => !IsOurs(parameter.Name)).Select(parameter => parameter.Raw).ToList();
            return own.Count == 0 && Parameters.Any() ? "" : "?" + string.Join('&', own);
        }
    }

    IEnumerable<(string Name, string Value, string Raw)> Parameters
    {
        get
        {
            if (string.IsNullOrEmpty(_query))
                yield break;

            foreach (var raw in _query.Split('&'))
            {
                var equals = raw.IndexOf('=', StringComparison.Ordinal);
                yield return equals < 0
                    ? (WebUtility.UrlDecode(raw), "", raw)
                    : (WebUtility.UrlDecode(raw[..equals]), WebUtility.UrlDecode(raw[(equals + 1)..]), raw);
            }
        }
    }

    static bool IsOurs(string name) => IsUpstash(name) || name.Equals("qstash_token", StringComparison.OrdinalIgnoreCase);

    static bool IsUpstash(string name) => name.StartsWith("upstash-", StringComparison.OrdinalIgnoreCase);
}
