using QStash.Emulator.Errors;

namespace QStash.Emulator.Grammar;

/// <summary>
/// Names of queues, URL groups and schedules: <c>[A-Za-z0-9._-]+</c>, but neither <c>.</c> nor <c>..</c>, since no client could put
/// them into a path.
/// </summary>
static class ResourceName
{
    public static bool IsValid(string name) =>
        name is not ("" or "." or "..") && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <exception cref="ApiException">400 naming <paramref name="field"/>.</exception>
    public static string Require(string? name, string field) => name is not null && IsValid(name)
        ? name
        : throw ApiException.BadRequest($"invalid {field}: it must consist of letters, digits, '-', '_' and '.', and not be '.' or '..'");
}
