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
    public static string Canonical(string name) => string.Create(name.Length, name, static (span, source) =>
    {
        var upper = true;
        for (var i = 0; i < span.Length; i++)
        {
            var c = source[i];
            span[i] = upper ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c);
            upper = c == '-';
        }
    });
}
