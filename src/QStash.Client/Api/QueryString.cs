using System.Globalization;
using System.Text;

namespace QStash.Client;

// Several values become a repeated parameter, so that a comma in a value is not read as a separator.
sealed class QueryString(string parameter)
{
    readonly StringBuilder _text = new();

    public bool IsEmpty => _text.Length == 0;

    // The query of a bulk call. If ids come with other filters, QStash silently ignores those. Without any filter it applies the call to
    // everything.
    public static QueryString OneOf(QueryString ids, QueryString others, string idsName, string parameter) =>
        (ids.IsEmpty, others.IsEmpty) switch
        {
            (true, true) => throw new ArgumentException(
                "The filter is empty, and QStash would apply the call to everything. Set at least one member.", parameter),
            (false, false) => throw new ArgumentException(
                $"{idsName} cannot be combined with other members: QStash would ignore those. Use two calls.", parameter),
            (false, true) => ids,
            _ => others
        };

    public QueryString Add(string name, IReadOnlyList<string> values, string what)
    {
        foreach (var value in values)
        {
            // An empty value could count as no filter at all.
            if (string.IsNullOrWhiteSpace(value))
                throw new ArgumentException($"{what} contains a blank value. Remove it, or name what to look for.", parameter);

            Add(name, value);
        }

        return this;
    }

    public QueryString AddIfSet(string name, string? value, string what) => value is null ? this : Add(name, [value], what);

    public QueryString Add(string name, DateTimeOffset? value) =>
        value is null ? this : Add(name, value.Value.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    public QueryString Add(string name, int? value) => value is null ? this : Add(name, value.Value.ToString(CultureInfo.InvariantCulture));

    public QueryString Page(string? cursor, int? count, int maximum)
    {
        if (count < 1 || count > maximum)
            throw new ArgumentException($"count is {count}; it must be from 1 to {maximum}.", nameof(count));

        if (!string.IsNullOrEmpty(cursor))
            Add("cursor", cursor);

        return Add("count", count);
    }

    public QueryString Add(string name, string value)
    {
        _text.Append(IsEmpty ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public override string ToString() => _text.ToString();
}
