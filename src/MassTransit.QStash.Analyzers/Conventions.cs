using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>Examines the conventions that are added to a route after it is mapped, in the same statement or in a later one.</summary>
static class Conventions
{
    /// <summary>Conventions that only describe a route, or limit its callers without checking who they are.</summary>
    static readonly string[] Harmless =
    [
        "WithName", "WithDisplayName", "WithTags", "WithSummary", "WithDescription", "WithOrder", "WithGroupName", "WithOpenApi",
            "WithRequestTimeout", "Produces", "ProducesProblem",
        "ProducesValidationProblem", "Accepts", "ExcludeFromDescription", "DisableAntiforgery", "AllowAnonymous", "RequireCors",
            "RequireHost", "RequireRateLimiting",
        "DisableRateLimiting", "DisableRequestTimeout", "DisableHttpMetrics", "CacheOutput", "ShortCircuit",
            "AddOpenApiOperationTransformer",
    ];

    /// <summary>Whether a filter, an authorization or something unknown may stand before a route or its group.</summary>
    public static bool MayGuard(IInvocationOperation mapping) => MayGuard(mapping, []) || MayGuardGroup(mapping);

    static bool MayGuardGroup(IInvocationOperation mapping)
    {
        if (mapping.Receiver()?.Unwrap() is not { } endpoints || !endpoints.Type.Is("Microsoft.AspNetCore.Routing.RouteGroupBuilder"))
            return false;

        return endpoints.Origins().Any(static origin => origin.Operation is not IInvocationOperation { TargetMethod.Name: var name } group
            || (name == "MapGroup" ? MayGuard(group) : !Harmless.Contains(name) || MayGuardGroup(group)));
    }

    static bool MayGuard(IOperation route, HashSet<ISymbol> seen)
    {
        var parent = route.Parent;
        while (parent is IConversionOperation or IArgumentOperation)
            (route, parent) = (parent, parent.Parent);

        return parent switch
        {
            IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } => false,
            IInvocationOperation call when Harmless.Contains(call.TargetMethod.Name) => MayGuard(call, seen),
            // The receiver is a group that routes are mapped to.
            IInvocationOperation { TargetMethod: { ContainingType.Name: "EndpointRouteBuilderExtensions" } method }
                when method.Name.StartsWith("Map", StringComparison.Ordinal) => false,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => IsGuarded(local, route, seen),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } => IsGuarded(local, route, seen),
            _ => true,
        };
    }

    static bool IsGuarded(ILocalSymbol local, IOperation route, HashSet<ISymbol> seen) => seen.Add(local) && route.Root().Descendants()
        .OfType<ILocalReferenceOperation>()
        .Any(use => SymbolEqualityComparer.Default.Equals(use.Local, local)
            && !(use.Parent is IAssignmentOperation assignment && assignment.Target == use) && MayGuard(use, seen));
}
