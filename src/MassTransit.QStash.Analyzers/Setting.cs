using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>A value that code passes to this library as a setting. Only this type knows the names of the members for that.</summary>
readonly struct Setting(Role role, IOperation value)
{
    const string CallbackSettings = "QStashCallbackSettings";

    public Role Role { get; } = role;

    public IOperation Value { get; } = value;

    /// <summary>The settings that a call, a creation or an assignment makes.</summary>
    public static IEnumerable<Setting> In(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call when call.TargetMethod.ContainingType.IsOurs():
                return InArguments(call.TargetMethod, call.Arguments);
            case IInvocationOperation { TargetMethod.Name: "Add" or "TryAdd" } call when IsRoutes(call.Instance):
                return InLast(call.Arguments);
            case IObjectCreationOperation { Constructor: { } constructor } creation when creation.Type.IsOurs():
                return InArguments(constructor, creation.Arguments);
            case IAssignmentOperation { Target: IPropertyReferenceOperation { Property: { IsIndexer: false } property } } assignment
                when property.ContainingType.IsOurs():
                return OfProperty(property) is var role and not Role.None ? [new Setting(role, assignment.Value)] : [];
            case IAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true } target } assignment
                when IsRoutes(target.Instance):
                return [new Setting(Role.Address, assignment.Value)];
            default:
                return [];
        }
    }

    static IEnumerable<Setting> InArguments(IMethodSymbol method, IEnumerable<IArgumentOperation> arguments) => arguments
        .Where(static argument => argument.ArgumentKind != ArgumentKind.DefaultValue)
        .Select(argument => new Setting(OfParameter(method, argument.Parameter?.Name), argument.Value))
        .Where(static setting => setting.Role != Role.None);

    static IEnumerable<Setting> InLast(IReadOnlyList<IArgumentOperation> arguments) =>
        arguments.Count == 2 ? [new Setting(Role.Address, arguments[1].Value)] : [];

    static Role OfParameter(IMethodSymbol method, string? parameter) => parameter switch
    {
        "token" => Role.Token,
        "currentKey" or "current" => Role.CurrentKey,
        "nextKey" or "next" => Role.NextKey,
        "baseAddress" or "instanceBaseAddress" => Role.Address,
        "address" or "hostAddress" when method.Name is "Route" or "Host" => Role.Address,
        _ when method.MethodKind == MethodKind.Constructor && method.ContainingType.Name == CallbackSettings => Role.Callback,
        _ => Role.None,
    };

    static Role OfProperty(IPropertySymbol property) => property.Name switch
    {
        "Token" => Role.Token,
        "CurrentSigningKey" or "Current" => Role.CurrentKey,
        "NextSigningKey" or "Next" => Role.NextKey,
        "BaseAddress" or "InstanceBaseAddress" => Role.Address,
        "Url" when property.ContainingType.Name == CallbackSettings => Role.Callback,
        _ => Role.None,
    };

    /// <summary>Whether an object is the dictionary of routes in the options, also in an initializer.</summary>
    static bool IsRoutes(IOperation? instance)
    {
        var routes = instance;
        if (instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver })
        {
            for (routes = instance.Parent; routes is not (null or IMemberInitializerOperation
                or IObjectCreationOperation); routes = routes.Parent)
            {
            }

            routes = (routes as IMemberInitializerOperation)?.InitializedMember;
        }

        return routes is IPropertyReferenceOperation { Property: { Name: "Routes", ContainingType: var type } } && type.IsOurs();
    }
}
