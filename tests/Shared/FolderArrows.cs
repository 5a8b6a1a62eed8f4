using System.Reflection;
using System.Reflection.Emit;

namespace QStash.Tests;

/// <summary>
/// Which folders of a compiled library name types of which: one arrow from the folder of a type to the folder of each type that its
/// members and their code mention.
/// </summary>
sealed class FolderArrows
{
    const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    readonly Dictionary<(string From, string To), string> _arrows = [];
    readonly ILookup<string, string> _graph;

    /// <param name="library">The library.</param>
    /// <param name="folderOf">The folder of a type of the library; null for a type that does not count.</param>
    public FolderArrows(Assembly library, Func<Type, string?> folderOf)
    {
        foreach (var type in library.GetTypes())
        {
            if (folderOf(type) is not { } from)
                continue;

            foreach (var named in NamedBy(type).Where(named => named.Assembly == library))
            {
                if (folderOf(named) is { } to && from != to)
                    _arrows.TryAdd((from, to), $"{from} -> {to}: {type.FullName} names {named.FullName}");
            }
        }

        _graph = _arrows.Keys.ToLookup(arrow => arrow.From, arrow => arrow.To);
    }

    /// <summary>The folders that name others.</summary>
    public IEnumerable<string> Folders => _graph.Select(folder => folder.Key);

    /// <summary>The arrows that lead back to where they began, with one cause of each.</summary>
    public IReadOnlyList<string> Cycles => _arrows
        .Where(arrow => Reach(arrow.Key.To).Contains(arrow.Key.From))
        .Select(arrow => arrow.Value)
        .Order(StringComparer.Ordinal)
        .ToArray();

    /// <summary>The folders that a folder depends on.</summary>
    public IReadOnlySet<string> Reach(string folder)
    {
        var (reached, next) = (new HashSet<string>(), new Queue<string>([folder]));
        while (next.TryDequeue(out var from))
        {
            foreach (var to in _graph[from])
            {
                if (reached.Add(to))
                    next.Enqueue(to);
            }
        }

        return reached;
    }

    /// <summary>For libraries whose folders are namespaces. Types of the root itself do not count.</summary>
    public static FolderArrows ByNamespace(Assembly library, string root) => new(library, type =>
        type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) == true ? type.Namespace[(root.Length + 1)..].Split('.')[0] : null);

    static IEnumerable<Type> NamedBy(Type type)
    {
        IEnumerable<Type?> named = [type.BaseType, .. type.GetInterfaces(), .. type.GetFields(All).Select(field => field.FieldType)];
        foreach (var method in type.GetMembers(All).OfType<MethodBase>())
        {
            named = named
                .Concat(method.GetParameters().Select(parameter => parameter.ParameterType))
                .Append((method as MethodInfo)?.ReturnType)
                .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [])
                .Concat(NamedIn(method));
        }

        return named.OfType<Type>().SelectMany(Parts);
    }

    static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Append(type);

    // Every type, method and field that the code of a method has a token of.
    static IEnumerable<Type?> NamedIn(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i < code.Length;)
        {
            var op = Codes[code[i] == 0xFE ? (short)((code[i++] << 8) | code[i++]) : code[i++]];
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(
                    BitConverter.ToInt32(code, i),
                    method.DeclaringType!.GetGenericArguments(),
                    method.IsGenericMethod ? method.GetGenericArguments() : null);
                yield return member as Type ?? member!.DeclaringType;
                foreach (var argument in (member as MethodInfo)?.GetGenericArguments() ?? [])
                    yield return argument;
            }

            i += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, i)),
                _ => 4,
            };
        }
    }
}
