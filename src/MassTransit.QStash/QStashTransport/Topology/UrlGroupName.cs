using System.Buffers;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// Names of URL groups: how a message type becomes one, and which are legal.
/// </summary>
static class UrlGroupName
{
    // Contract section 8: letters, digits, '.', '_' and '-'.
    static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static IEntityNameFormatter Formatter { get; } =
        new MessageNameFormatterEntityNameFormatter(new DefaultMessageNameFormatter("-", "_", ".", "_"));

    public static bool IsLegal(string? name) => !string.IsNullOrEmpty(name) && !name.AsSpan().ContainsAnyExcept(Legal);

    public static string Checked(string? name) => IsLegal(name)
        ? name!
        : throw new ConfigurationException($"'{name}' cannot be the name of a QStash URL group: only letters, digits, '.', '_' and '-' are allowed. "
            + "Choose another name with [EntityName], Message<T>(x => x.SetEntityName(...)) or the entity name formatter.");

    /// <summary>
    /// Whether QStash refused because the group does not exist, which it does from the first endpoint that joins it: nobody
    /// subscribes. Told by the text: the status is not documented (contract 2.1).
    /// </summary>
    public static bool IsMissing(string name, string? error) =>
        error?.Contains($"{name} not found", StringComparison.OrdinalIgnoreCase) == true;
}
