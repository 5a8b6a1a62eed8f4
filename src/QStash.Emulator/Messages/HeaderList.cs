using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace QStash.Emulator.Messages;

/// <summary>
/// The headers of a message by canonical name, case-insensitive. They are few, and kept for each of perhaps a million
/// messages: one array of texts takes a fifth of the memory a hash table does. It is a value, so that the array is the only object.
/// </summary>
readonly struct HeaderList : IReadOnlyDictionary<string, string[]>, IEquatable<HeaderList>
{
    /// <summary>Longer values are not shared: they are rarely the same in many messages.</summary>
    const int LongestShared = 128;

    static readonly Shared<string> Known = new(StringComparer.Ordinal);

    // Name, value, name, value. A header with several values is there several times in a row.
    readonly string[]? _texts;

    public HeaderList(IEnumerable<KeyValuePair<string, string[]>> headers)
    {
        List<string> texts = [];
        foreach (var (name, values) in headers)
        {
            var shared = Share(name);
            foreach (var value in values)
            {
                texts.Add(shared);
                texts.Add(Share(value));
            }
        }

        _texts = [.. texts];
    }

    public static HeaderList Empty => default;

    /// <summary>How many names and values there are; a name counts once for each of its values.</summary>
    public int Texts => Pairs.Length;

    /// <summary>How many characters they have.</summary>
    public int Characters
    {
        get
        {
            var characters = 0;
            foreach (var text in Pairs)
                characters += text.Length;

            return characters;
        }
    }

    public int Count => this.Count(static _ => true);

    public IEnumerable<string> Keys => this.Select(static header => header.Key);

    public IEnumerable<string[]> Values => this.Select(static header => header.Value);

    public string[] this[string key] => TryGetValue(key, out var values) ? values : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => Find(key) is not null;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string[] value)
    {
        value = Find(key) is { } start ? ValuesAt(start) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string[]>> GetEnumerator()
    {
        for (var start = 0; start < Pairs.Length;)
        {
            var values = ValuesAt(start);
            yield return KeyValuePair.Create(Pairs[start], values);
            start += 2 * values.Length;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(HeaderList other) => Pairs.AsSpan().SequenceEqual(other.Pairs);

    public override bool Equals(object? obj) => obj is HeaderList other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var text in Pairs)
            hash.Add(text);

        return hash.ToHashCode();
    }

    int? Find(string name)
    {
        for (var i = 0; i < Pairs.Length; i += 2)
        {
            if (Pairs[i].Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return null;
    }

    string[] ValuesAt(int start)
    {
        var end = start + 2;
        while (end < Pairs.Length && Pairs[end] == Pairs[start])
            end += 2;

        var values = new string[(end - start) / 2];
        for (var i = 0; i < values.Length; i++)
            values[i] = Pairs[start + (2 * i) + 1];

        return values;
    }

    string[] Pairs => _texts ?? [];

    static string Share(string text) => text.Length <= LongestShared ? Known.Of(text) : text;
}
