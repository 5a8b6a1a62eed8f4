using System.Collections.Concurrent;
using System.Reflection;

namespace MassTransit.QStashTransport.Callbacks;

/// <summary>
/// From the URN of a message type to the type, in the assemblies of the application. Types that are generic, or have a URN of
/// their own making, are not found.
/// </summary>
static class MessageTypeFinder
{
    static readonly ConcurrentDictionary<string, Type> Found = new(StringComparer.Ordinal);

    /// <summary>The first of the types that this process knows: message types are listed from the most derived on.</summary>
    public static Type? Find(IEnumerable<string> urns) => urns.Select(Find).FirstOrDefault(type => type is not null);

    static Type? Find(string urn)
    {
        if (Found.TryGetValue(urn, out var known))
            return known;

        if (!urn.StartsWith(MessageUrn.Prefix, StringComparison.Ordinal))
            return null;

        var name = urn[MessageUrn.Prefix.Length..].Replace(':', '.');

        // Not by Type.GetType: the name comes from outside, and must not make the runtime look for assemblies.
        var type = Assemblies()
            .Select(assembly => assembly.GetType(name, throwOnError: false))
            .FirstOrDefault(type => type is not null && MessageTypeCache.IsValidMessageType(type) && MessageUrn.ForTypeString(type) == urn);

        return type is null ? null : Found.GetOrAdd(urn, type);
    }

    // An assembly with contracts alone may not have been needed yet.
    static IEnumerable<Assembly> Assemblies()
    {
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        var queue = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());

        while (queue.TryDequeue(out var assembly))
        {
            if (assembly.IsDynamic || !seen.Add(assembly.FullName) || IsFramework(assembly.GetName()))
                continue;

            yield return assembly;

            foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => !IsFramework(reference) && !seen.Contains(reference.FullName)))
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
}
