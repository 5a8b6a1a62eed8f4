using QStash.Emulator.Http;

namespace QStash.Emulator.Grammar;

/// <summary>Names of queues and URL groups: <c>[A-Za-z0-9._-]+</c> (contract 8).</summary>
static class ResourceName
{
    public static bool IsValid(string name) =>
        name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <exception cref="ApiException">400 naming <paramref name="field"/>.</exception>
    public static string Require(string? name, string field) => name is not null && IsValid(name)
        ? name
        : throw ApiException.BadRequest($"invalid {field}: it must consist of letters, digits, '-', '_' and '.'");
}
