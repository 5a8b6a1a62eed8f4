using MassTransit.Transports;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Names of URL groups, and how they are made of message types.
/// </summary>
static class UrlGroupName
{
    // QStash documents no limit. This is long enough for any name that a person would read.
    const int MaxLength = 128;
    const int HashLength = 16;

    /// <summary>The group of endpoints that subscribe to nothing. Its members are found by name, and nothing is published to it.</summary>
    public const string Endpoints = "masstransit-endpoints";

    /// <summary>
    /// Names a message type by namespace and name. If two types could share a name, or if it is not legal, a hash follows.
    /// </summary>
    public static IEntityNameFormatter Formatter { get; } = new TypeNameFormatter();

    /// <summary>The name of the URL group for a name: the name itself, or for a long name its start and a hash of the whole.</summary>
    /// <exception cref="ConfigurationException">A character is not legal.</exception>
    public static string Checked(string? name)
    {
        if (!LegalName.Is(name))
        {
            throw new ConfigurationException($"'{name}' cannot be the name of a QStash URL group: {LegalName.Rule}. "
                + "Choose another name with [EntityName], Message<T>(x => x.SetEntityName(...)) or the entity name formatter.");
        }

        return name!.Length <= MaxLength ? name : WithHash(name, name);
    }

    static string WithHash(string name, string original)
    {
        var start = name.AsSpan(0, Math.Min(name.Length, MaxLength - HashLength - 1));

        return $"{start}-{TextHash.Hex(original, HashLength / 2)}";
    }

    sealed class TypeNameFormatter : IEntityNameFormatter
    {
        readonly DefaultMessageNameFormatter _formatter = new("-", "_", ".", "_");

        public string FormatEntityName<T>()
        {
            var name = _formatter.GetMessageName(typeof(T));

            return LegalName.Is(name) && IsUnique(typeof(T))
                ? name
                : WithHash(string.Concat(name.Select(c => LegalName.Is(c) ? c : '_')), Identify(typeof(T)));
        }

        // '_' comes before the name of a nested type and around type arguments, so Outer_Inner may be the name of two types. The name is
        // unique if it is clear what '_' stands for: before the last name for a nested type, at the end for a generic type.
        static bool IsUnique(Type type)
        {
            if (type.Name.AsSpan().ContainsAny('_', '-'))
                return false;

            if (!type.IsGenericType)
                return type.DeclaringType is not { } outer || (!outer.IsNested && !outer.Name.Contains('-', StringComparison.Ordinal));

            return !type.IsNested && IsClear(type.Namespace) && type.GetGenericArguments().All(argument =>
                !argument.IsNested && IsClear(argument.Namespace) && IsUnique(argument));
        }

        static bool IsClear(string? @namespace) => @namespace?.Contains('_', StringComparison.Ordinal) == false;

        // The full name of a generic type contains the versions of assemblies, which differ between services.
        static string Identify(Type type)
        {
            if (type.GetElementType() is { } element)
                return Identify(element) + type.Name[element.Name.Length..];

            return type.IsGenericType
                ? $"{type.GetGenericTypeDefinition().FullName}[{string.Join(',', type.GetGenericArguments().Select(Identify))}]"
                : type.FullName!;
        }
    }
}
