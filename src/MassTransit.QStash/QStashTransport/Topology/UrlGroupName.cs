using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MassTransit.Transports;

namespace MassTransit.QStashTransport.Topology;

/// <summary>
/// Names of URL groups: how a message type becomes one, and which are legal.
/// </summary>
static class UrlGroupName
{
    // QStash documents no limit (contract section 8). Long enough for any name a person would read.
    const int MaxLength = 128;
    const int HashLength = 16;

    // Contract section 8: letters, digits, '.', '_' and '-'.
    static readonly SearchValues<char> Legal =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The group of endpoints that subscribe to nothing. Its members are found by name, and nothing is published to it.</summary>
    public const string Endpoints = "masstransit-endpoints";

    /// <summary>Names a message type by namespace and name. Letters beyond ASCII give way to '_', and a hash keeps the name unique.</summary>
    public static IEntityNameFormatter Formatter { get; } = new LegalFormatter(
        new MessageNameFormatterEntityNameFormatter(new DefaultMessageNameFormatter("-", "_", ".", "_")));

    public static bool IsLegal(string? name) => !string.IsNullOrEmpty(name) && !name.AsSpan().ContainsAnyExcept(Legal);

    /// <summary>A name as the URL group is called: the name itself, or the start of a long one and a hash of the whole.</summary>
    /// <exception cref="ConfigurationException">A character is not legal.</exception>
    public static string Checked(string? name)
    {
        if (!IsLegal(name))
        {
            throw new ConfigurationException($"'{name}' cannot be the name of a QStash URL group: only letters, digits, '.', '_' and '-' are allowed. "
                + "Choose another name with [EntityName], Message<T>(x => x.SetEntityName(...)) or the entity name formatter.");
        }

        return name!.Length <= MaxLength ? name : WithHash(name, name);
    }

    /// <summary>
    /// Whether QStash refused because the group does not exist, which it does from the first endpoint that joins it: nobody
    /// subscribes. Told by the text: the status is not documented (contract 2.1).
    /// </summary>
    public static bool IsMissing(string name, string? error) =>
        error?.Contains($"{name} not found", StringComparison.OrdinalIgnoreCase) == true;

    static string WithHash(string name, string original)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(original), hash);

        var start = name.AsSpan(0, Math.Min(name.Length, MaxLength - HashLength - 1));

        return $"{start}-{Convert.ToHexStringLower(hash[..(HashLength / 2)])}";
    }

    sealed class LegalFormatter(IEntityNameFormatter formatter) : IEntityNameFormatter
    {
        public string FormatEntityName<T>()
        {
            var name = formatter.FormatEntityName<T>();

            return IsLegal(name) ? name : WithHash(string.Concat(name.Select(c => Legal.Contains(c) ? c : '_')), name);
        }
    }
}
