using System.Reflection;
using System.Reflection.Emit;
using MassTransit.QStashTransport.Wire;

namespace MassTransit.QStash.Tests.Architecture;

/// <summary>
/// Keeps the rooms of the transport apart: which folder may name types of which. ARCHITECTURE.md has the picture.
/// </summary>
public sealed class The_rooms_of_the_transport
{
    const string Transport = "MassTransit.QStashTransport";

    // Still to be mended. No line may be added.
    static readonly HashSet<string> Allowed = [];

    static readonly Assembly Library = typeof(TextHash).Assembly;

    static readonly Dictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    static readonly ILookup<string, (string To, string How)> Arrows = Library.GetTypes()
        .SelectMany(type => NamedBy(type).Select(named => (From: RoomOf(type), To: RoomOf(named), How: $"{type.FullName} names {named.FullName}")))
        .Where(arrow => arrow.From is not null && arrow.To is not null && arrow.From != arrow.To)
        .Distinct()
        .ToLookup(arrow => arrow.From!, arrow => (arrow.To!, arrow.How));

    [Fact]
    public void Wire_depends_on_nothing() => Assert.Empty(Arrows["Wire"].Select(arrow => arrow.How));

    [Fact]
    public void Nobody_but_Hosting_sees_Hosting() =>
        Assert.Empty(Arrows.Where(room => room.Key != "Hosting").SelectMany(room => room).Where(arrow => arrow.To == "Configuration").Select(arrow => arrow.How));

    [Fact]
    public void Outgoing_never_sees_Incoming() => Assert.DoesNotContain("Incoming", Reach("Outgoing"));

    [Fact]
    public void Folders_form_no_cycles()
    {
        var cycles = Arrows.Where(room => Reach(room.Key).Contains(room.Key)).Select(room => room.Key).ToHashSet();

        Assert.Equal(Allowed.Order(), cycles.Order());
    }

    static HashSet<string> Reach(string room)
    {
        var (reached, next) = (new HashSet<string>(), new Queue<string>([room]));
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

    // The public types are what users see, and no room.
    static string? RoomOf(Type type) =>
        type.Assembly == Library && type.Namespace?.StartsWith($"{Transport}.", StringComparison.Ordinal) == true ? type.Namespace[(Transport.Length + 1)..] : null;

    static IEnumerable<Type> NamedBy(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type?> named = [type.BaseType, .. type.GetInterfaces(), .. type.GetFields(all).Select(field => field.FieldType)];
        foreach (var method in type.GetMembers(all).OfType<MethodBase>())
        {
            named = named.Concat(method.GetParameters().Select(parameter => parameter.ParameterType)).Append((method as MethodInfo)?.ReturnType)
                .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []).Concat(NamedIn(method));
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
