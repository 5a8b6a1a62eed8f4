using System.Diagnostics.CodeAnalysis;
using QStash.Emulator.Errors;
using QStash.Emulator.Grammar;

namespace QStash.Emulator.Messages;

/// <summary>Header names, case-insensitive, with their values, as a publisher sent them.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a bag of headers, the name says so.")]
sealed class HeaderBag() : Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
{
    /// <summary>Adds a header that did not come through an HTTP parser.</summary>
    /// <exception cref="ApiException">400: the header cannot be sent.</exception>
    public void AddUnchecked(string name, string[] values)
    {
        if (!HeaderName.IsValid(name))
            throw ApiException.BadRequest($"invalid header name '{name}'");

        if (!values.All(HeaderName.IsValidValue))
            throw ApiException.BadRequest($"invalid value of header {name}: it must not contain line breaks");

        if (values.Length > 0)
            this[name] = values;
    }

    /// <summary>Whether the name of any header begins with this.</summary>
    public bool ContainsPrefix(string prefix)
    {
        foreach (var name in Keys)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Adds the headers that are not here yet.</summary>
    public void AddMissing(HeaderBag defaults)
    {
        foreach (var (name, values) in defaults)
            TryAdd(name, values);
    }
}
