using System.Buffers;

namespace QStash.Emulator.Grammar;

/// <summary>Writes header names and values as Go's HTTP stack does, and therefore QStash.</summary>
static class HeaderName
{
    static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    static readonly SearchValues<char> ForbiddenInValues = SearchValues.Create("\r\n\0");

    public static bool IsValid(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);

    public static bool IsValidValue(string value) => !value.AsSpan().ContainsAny(ForbiddenInValues);

    /// <summary><c>test-header</c> becomes <c>Test-Header</c>.</summary>
    public static string Canonical(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            // Most names are canonical already.
            if (name[i] != CanonicalAt(name, i))
                return string.Create(name.Length, name, static (text, name) =>
                {
                    for (var i = 0; i < text.Length; i++)
                        text[i] = CanonicalAt(name, i);
                });
        }

        return name;
    }

    static char CanonicalAt(string name, int index) =>
        index == 0 || name[index - 1] == '-' ? char.ToUpperInvariant(name[index]) : char.ToLowerInvariant(name[index]);
}
