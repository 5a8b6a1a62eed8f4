using MassTransit.Transports;

namespace MassTransit.QStashTransport.Wire;

/// <summary>
/// Names of URL groups, and how a message type becomes one.
/// </summary>
static class UrlGroupName
{
    // QStash documents no limit. Long enough for any name a person would read.
    const int MaxLength = 128;
    const int HashLength = 16;

    /// <summary>The group of endpoints that subscribe to nothing. Its members are found by name, and nothing is published to it.</summary>
    public const string Endpoints = "masstransit-endpoints";

    /// <summary>
    /// Names a message type by namespace and name. Where two types could share a name, or it is not legal, a hash follows.
    /// </summary>
    public static IEntityNameFormatter Formatter { get; } = new TypeNameFormatter();

    /// <summary>A name as the URL group is called: the name itself, or the start of a long one and a hash of the whole.</summary>
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

        // '_' stands before a nested type and around type arguments, so Outer_Inner is the name of two types. Here it is clear what it
        // stands for: before the last name it is that of a nested type, at the end that of a generic one.
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

        // The full name of a generic type has the versions of assemblies in it, which differ between services.
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
