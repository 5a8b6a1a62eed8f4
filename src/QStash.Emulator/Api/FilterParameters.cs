using System.Globalization;
using System.Text.Json;
using QStash.Emulator.Errors;
using QStash.Emulator.Http;

namespace QStash.Emulator.Api;

/// <summary>
/// The parameters of a list or bulk call: from the query, repeated or separated by commas, and from the JSON body that
/// older clients send.
/// </summary>
sealed class FilterParameters
{
    const int MaxBody = 1024 * 1024;

    readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    readonly HashSet<string> _empty = new(StringComparer.Ordinal);

    public FilterParameters()
    {
    }

    public FilterParameters(IReadOnlyDictionary<string, string[]> values)
    {
        foreach (var (name, texts) in values)
            Add(name, texts);
    }

    public static async Task<FilterParameters> ReadAsync(HttpContext context)
    {
        var parameters = new FilterParameters();
        foreach (var (name, values) in context.Request.Query)
        {
            if (!name.Equals("qstash_token", StringComparison.OrdinalIgnoreCase))
                parameters.Add(name, values.OfType<string>());
        }

        var body = await context.ReadBodyAsync(MaxBody, "invalid body: it is too large");
        if (body.Length > 0)
            parameters.AddBody(body);

        if (parameters.Set("source")?.Contains("workflow") == true)
            throw NotEmulated.Exception("source=workflow");

        return parameters;
    }

    /// <summary>The given values of these parameters, sorted, so that the order in which they were given does not matter.</summary>
    public Dictionary<string, string[]> Given(params IEnumerable<string> names) => names.Where(_values.ContainsKey)
        .ToDictionary(
            name => name,
            name => _values[name].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray(),
            StringComparer.Ordinal);

    /// <summary>For calls that read: ignores unknown parameters.</summary>
    public FilterParameters Only(params IEnumerable<string> known)
    {
        foreach (var unknown in _values.Keys.Except(known).ToList())
            _values.Remove(unknown);

        return this;
    }

    /// <summary>For calls that change something: refuses unknown parameters, because one could be a misspelt filter.</summary>
    /// <exception cref="ApiException">400 naming the unknown parameter.</exception>
    public FilterParameters Allow(params IEnumerable<string> known)
    {
        var unknown = _values.Keys.Except(known).FirstOrDefault();
        return unknown is null ? this : throw ApiException.BadRequest($"unknown parameter '{unknown}'");
    }

    // docs/qstash-contract.md#g123
    /// <summary>For calls that change many: refuses a filter without a value, because without filters they change everything.</summary>
    /// <exception cref="ApiException">400 naming the filter.</exception>
    public FilterParameters NoneEmpty(params IEnumerable<string> filters)
    {
        var empty = filters.FirstOrDefault(name => _empty.Contains(name) && !_values.ContainsKey(name));
        return empty is null ? this : throw ApiException.BadRequest($"invalid {empty}: it is empty");
    }

    /// <summary>The values of a parameter that may be given several times; null when it is absent.</summary>
    public HashSet<string>? Set(params ReadOnlySpan<string> names)
    {
        HashSet<string>? set = null;
        foreach (var name in names)
        {
            if (!_values.TryGetValue(name, out var values))
                continue;

            set ??= new HashSet<string>(StringComparer.Ordinal);
            foreach (var value in values)
            {
                // A URL may contain commas, so the whole value counts as well as its parts.
                set.Add(value);
                set.UnionWith(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return set;
    }

    /// <summary>The values of a parameter whose values contain no commas.</summary>
    public IEnumerable<string> Ids(string name) =>
        _values.TryGetValue(name, out var values)
            ? values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : [];

    public string? Text(string name) => _values.TryGetValue(name, out var values) ? values[0] : null;

    public long? Number(string name, long min = 0, long max = long.MaxValue) =>
        Text(name) is { } text ? Number(name, text, min, max) : null;

    /// <summary>The values of a parameter that takes several numbers; null when it is absent.</summary>
    public HashSet<long>? Numbers(string name) =>
        _values.ContainsKey(name) ? [.. Ids(name).Select(text => Number(name, text, 0, long.MaxValue))] : null;

    /// <summary>False when it is absent.</summary>
    public bool Flag(string name)
    {
        if (Text(name) is not { } text)
            return false;

        return bool.TryParse(text, out var flag) ? flag : throw ApiException.BadRequest($"invalid {name}: it must be true or false");
    }

    static long Number(string name, string text, long min, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw ApiException.BadRequest(
                $"invalid {name}: it must be a whole number from {min}" + (max < long.MaxValue ? $" to {max}" : ""));

    void Add(string name, IEnumerable<string> values)
    {
        var given = values.Where(value => value.Length > 0).ToList();
        if (given.Count == 0)
        {
            _empty.Add(name);
            return;
        }

        if (_values.TryGetValue(name, out var known))
            known.AddRange(given);
        else
            _values.Add(name, given);
    }

    void AddBody(byte[] body)
    {
        using var document = JsonBody.Parse(body);
        foreach (var member in JsonBody.Object(document.RootElement, "body").EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;

            Add(member.Name, member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? [member.Value.GetRawText()]
                : JsonBody.Texts(member.Value, member.Name));
        }
    }
}
