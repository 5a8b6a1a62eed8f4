using System.Collections.Concurrent;
using System.Reflection;

namespace MassTransit.QStashTransport.Reports;

/// <summary>
/// Finds the message type of a URN in the assemblies of the application. Use it only for messages that a bus is known to have sent, because
/// results are cached.
/// </summary>
static class MessageTypeFinder
{
    // The name comes from outside, so its depth is limited. No real contract is nested deeper.
    const int MaxDepth = 8;

    static readonly ConcurrentDictionary<string, Type> Found = new(StringComparer.Ordinal);
    static volatile OwnUrns _withOwnUrn = new(0, []);

    /// <summary>The first of the types that this process knows. The list begins with the most derived type.</summary>
    public static Type? Find(IEnumerable<string> urns) => urns.Select(Find).FirstOrDefault(type => type is not null);

    static Type? Find(string urn)
    {
        if (Found.TryGetValue(urn, out var known))
            return known;

        var type = urn.StartsWith(MessageUrn.Prefix, StringComparison.Ordinal)
            ? FindByName(urn[MessageUrn.Prefix.Length..], MaxDepth)
            : null;

        // Otherwise look for a type with a custom URN.
        if (!IsMessage(type, urn) && !TypesWithOwnUrn().TryGetValue(urn, out type))
            return null;

        return Found.GetOrAdd(urn, type!);
    }

    static bool IsMessage(Type? type, string urn) =>
        type is not null && MessageTypeCache.IsValidMessageType(type) && MessageUrn.ForTypeString(type) == urn;

    // The form is that of MessageUrn: "Shop:Order", or "Shop:Envelope[[Shop:Order],[System:Int32]]" for a generic type.
    static Type? FindByName(string name, int depth)
    {
        if (depth == 0)
            return null;

        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
            return FindInAssemblies(name);

        if (!name.EndsWith(']') || SplitArguments(name[(bracket + 1)..^1]) is not { Count: > 0 } arguments)
            return null;

        Type?[] types = arguments.Select(argument => FindByName(argument, depth - 1)).ToArray();
        if (types.Contains(null)
            || FindInAssemblies($"{name[..bracket]}`{types.Length}") is not { IsGenericTypeDefinition: true } definition)
            return null;

        try
        {
            return definition.MakeGenericType(types!);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static List<string>? SplitArguments(string list)
    {
        var arguments = new List<string>();
        var (depth, start) = (0, 0);

        for (var i = 0; i < list.Length; i++)
        {
            if (list[i] == '[' && depth++ == 0)
                start = i + 1;
            else if (list[i] == ']' && --depth == 0)
                arguments.Add(list[start..i]);

            if (depth < 0)
                return null;
        }

        return depth == 0 ? arguments : null;
    }

    // Type.GetType is not used, because it would load assemblies that the name asks for.
    static Type? FindInAssemblies(string name)
    {
        var fullName = name.Replace(':', '.');

        return Assemblies()
            .Append(typeof(object).Assembly)
            .Select(assembly => assembly.GetType(fullName, throwOnError: false))
            .FirstOrDefault(type => type is not null);
    }

    // The cache is rebuilt when more assemblies are loaded.
    static Dictionary<string, Type> TypesWithOwnUrn()
    {
        var assemblies = Assemblies().ToArray();
        var known = _withOwnUrn;

        if (known.Assemblies != assemblies.Length)
        {
            var types = new Dictionary<string, Type>(StringComparer.Ordinal);

            foreach (var type in assemblies.SelectMany(GetTypes).Where(type => !type.IsGenericTypeDefinition
                && type.IsDefined(typeof(MessageUrnAttribute), inherit: false)))
                types.TryAdd(MessageUrn.ForTypeString(type), type);

            _withOwnUrn = known = new(assemblies.Length, types);
        }

        return known.Types;
    }

    static IEnumerable<Type> GetTypes(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }

    // An assembly that contains only contracts may not be loaded yet.
    static IEnumerable<Assembly> Assemblies()
    {
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        var queue = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());

        while (queue.TryDequeue(out var assembly))
        {
            if (assembly.IsDynamic || !seen.Add(assembly.FullName) || IsFramework(assembly.GetName()))
                continue;

            yield return assembly;

            foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => !IsFramework(reference)
                && !seen.Contains(reference.FullName)))
            {
                if (TryLoad(reference) is { } loaded)
                    queue.Enqueue(loaded);
            }
        }
    }

    static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            return null;
        }
    }

    static bool IsFramework(AssemblyName assembly) =>
        assembly.Name is null or "netstandard" or "mscorlib"
        || assembly.Name.StartsWith("System.", StringComparison.Ordinal)
        || assembly.Name.StartsWith("Microsoft.", StringComparison.Ordinal);

    sealed record OwnUrns(int Assemblies, Dictionary<string, Type> Types);
}
