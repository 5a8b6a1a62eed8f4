using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace QStash.Tools.Tests.Support;

/// <summary>What a library shows to its users: types as <c>A.B</c>, members as <c>A.B:Name</c>.</summary>
static partial class PublicNames
{
    public static HashSet<string> Of(Stream library)
    {
        using var copy = new MemoryStream();
        library.CopyTo(copy);
        copy.Position = 0;
        using var pe = new PEReader(copy);
        var reader = pe.GetMetadataReader();
        var names = new HashSet<string>();
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(type => IsVisible(reader, type)))
        {
            var name = Name(reader, type);
            names.Add(name);
            foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
            {
                if (IsVisible(method.Attributes & MethodAttributes.MemberAccessMask))
                    names.Add($"{name}:{Accessor().Replace(reader.GetString(method.Name), "")}");
            }

            foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
            {
                if (IsVisible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask)))
                    names.Add($"{name}:{reader.GetString(field.Name)}");
            }
        }

        return names;
    }

    /// <summary>The same of a name in the documentation, such as <c>M:A.B.Name(System.String)</c>.</summary>
    public static string Of(string documented)
    {
        var name = documented[2..].Split('(')[0];
        if (documented[0] == 'T')
            return name;

        var dot = name.LastIndexOf('.');
        return $"{name[..dot]}:{name[(dot + 1)..].Split('`')[0].Replace("#ctor", ".ctor", StringComparison.Ordinal)}";
    }

    static bool IsVisible(MetadataReader reader, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsVisible(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    // Members of types and fields have the same values for it.
    static bool IsVisible(MethodAttributes access) =>
        access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    static string Name(MetadataReader reader, TypeDefinition type)
    {
        var name = reader.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
            return $"{Name(reader, reader.GetTypeDefinition(type.GetDeclaringType()))}.{name}";

        return type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
    }

    [GeneratedRegex("^(get|set|add|remove)_")]
    private static partial Regex Accessor();
}
