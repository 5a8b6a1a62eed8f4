using System.Reflection;
using System.Reflection.Emit;
using MassTransit.QStash.Tests.Support;

namespace QStash.Client.Tests;

/// <summary>The folders of the client, which share a namespace: a type belongs to the folder that has its file.</summary>
public sealed class The_folders_of_the_client
{
    static readonly Assembly Library = typeof(QStashClient).Assembly;

    static readonly Dictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    static readonly string Source = Path.Combine(Repository.Root, "src", "QStash.Client");

    static readonly Dictionary<string, string> Folders = Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
        .Select(file => (Type: Path.GetFileNameWithoutExtension(file), Folder: Path.GetDirectoryName(Path.GetRelativePath(Source, file))!))
        .Where(file => file.Folder is not ("obj" or "bin") && !file.Folder.StartsWith("obj/", StringComparison.Ordinal) && !file.Folder.StartsWith("bin/", StringComparison.Ordinal))
        .ToDictionary(file => file.Type, file => file.Folder);

    static readonly ILookup<string, (string To, string How)> Arrows = Library.GetTypes()
        .SelectMany(type => NamedBy(type).Select(named => (From: FolderOf(type), To: FolderOf(named), How: $"{type} names {named}")))
        .Where(arrow => arrow.From is not null && arrow.To is not null && arrow.From != arrow.To)
        .Distinct()
        .ToLookup(arrow => arrow.From!, arrow => (arrow.To!, arrow.How));

    [Fact]
    public void Form_no_cycle()
    {
        var cycles = Arrows.Where(folder => Reach(folder.Key).Contains(folder.Key)).Select(folder => folder.Key).ToHashSet();

        var arrows = Arrows.Where(folder => cycles.Contains(folder.Key))
            .SelectMany(folder => folder.Where(arrow => cycles.Contains(arrow.To)).DistinctBy(arrow => arrow.To)
                .Select(arrow => $"{folder.Key} to {arrow.To}: {arrow.How}"));
        Assert.False(cycles.Count > 0, string.Join('\n', arrows));
    }

    [Fact]
    public void Keep_signatures_away_from_the_calls_of_the_API()
    {
        Assert.DoesNotContain("Http", Reach("Signatures"));
        Assert.DoesNotContain("Api", Reach("Signatures"));
    }

    static HashSet<string> Reach(string folder)
    {
        var (reached, next) = (new HashSet<string>(), new Queue<string>([folder]));
        while (next.TryDequeue(out var from))
        {
            foreach (var (to, _) in Arrows[from])
            {
                if (reached.Add(to))
                    next.Enqueue(to);
            }
        }

        return reached;
    }

    static string? FolderOf(Type type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;

        return type.Assembly == Library ? Folders.GetValueOrDefault(type.Name.Split('`')[0]) : null;
    }

    static IEnumerable<Type> NamedBy(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type?> named = [type.BaseType, .. type.GetInterfaces(), .. type.GetFields(all).Select(field => field.FieldType)];
        foreach (var method in type.GetMembers(all).OfType<MethodBase>())
        {
            named = named.Concat(method.GetParameters().Select(parameter => parameter.ParameterType)).Append((method as MethodInfo)?.ReturnType)
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
                var member = method.Module.ResolveMember(BitConverter.ToInt32(code, i), method.DeclaringType!.GetGenericArguments(),
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
