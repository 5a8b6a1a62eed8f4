using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace QStash.Emulator.Messages;

/// <summary>
/// The headers of a message by canonical name, case-insensitive. They are few, and kept for each of perhaps a million
/// messages: one array takes a third of the memory a hash table does.
/// </summary>
sealed class HeaderList : IReadOnlyDictionary<string, string[]>
{
    static readonly Shared<string> Names = new(StringComparer.Ordinal);
    static readonly Shared<string[]> SingleValues = new(EqualityComparer<string[]>.Create(
        static (a, b) => a![0] == b![0], static values => values[0].GetHashCode(StringComparison.Ordinal)));

    /// <summary>Longer values are not shared: they are rarely the same in many messages.</summary>
    const int LongestShared = 128;

    readonly KeyValuePair<string, string[]>[] _headers;

    public HeaderList(IReadOnlyDictionary<string, string[]> headers) =>
        _headers = [.. headers.Select(static header => KeyValuePair.Create(Names.Of(header.Key), ShareValues(header.Value)))];

    public static HeaderList Empty { get; } = new(new Dictionary<string, string[]>());

    public int Count => _headers.Length;

    public IEnumerable<string> Keys => _headers.Select(static header => header.Key);

    public IEnumerable<string[]> Values => _headers.Select(static header => header.Value);

    public string[] this[string key] => TryGetValue(key, out var values) ? values : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string[] value)
    {
        value = Array.Find(_headers, header => header.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string[]>> GetEnumerator() => _headers.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static string[] ShareValues(string[] values) => values is [{ Length: <= LongestShared }] ? SingleValues.Of(values) : values;
}
