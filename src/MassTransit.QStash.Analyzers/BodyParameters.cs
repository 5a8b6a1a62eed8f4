using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>The parameters of a handler that ASP.NET Core fills from the body.</summary>
static class BodyParameters
{
    static readonly string[] Attributes = ["FromBodyAttribute", "FromFormAttribute"];

    /// <summary>Attributes that mark a parameter as not from the body.</summary>
    static readonly string[] OtherSources = ["FromServicesAttribute", "FromKeyedServicesAttribute", "FromQueryAttribute",
        "FromRouteAttribute", "FromHeaderAttribute", "AsParametersAttribute"];

    static readonly string[] Forms = ["IFormFile", "IFormCollection", "IFormFileCollection"];

    static readonly string[] Documents = ["JsonElement", "JsonDocument", "JsonNode", "JsonObject", "JsonArray"];

    /// <summary>Endings of the names of services, which may have properties like data.</summary>
    static readonly string[] Services = ["Options", "Service", "Client", "Handler", "Verifier", "Context", "Repository", "Factory",
        "Store", "Provider"];

    public static IEnumerable<IParameterSymbol> Of(IOperation function, ISymbol containing, CancellationToken cancellationToken)
    {
        var parameters = Parameters(function, containing);
        var isHandler = parameters.Any(static parameter => IsBodyByType(parameter.Type))
            && IsHandler(function, containing, cancellationToken);
        return parameters.Where(parameter =>
            Has(parameter, Attributes) || (isHandler && !Has(parameter, OtherSources) && IsBodyByType(parameter.Type)));
    }

    static ImmutableArray<IParameterSymbol> Parameters(IOperation function, ISymbol containing) => function switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol.Parameters,
        ILocalFunctionOperation local => local.Symbol.Parameters,
        _ => containing is IMethodSymbol method ? method.Parameters : [],
    };

    static bool Has(ISymbol symbol, string[] attributes) =>
        symbol.GetAttributes().Any(attribute => attributes.Contains(attribute.AttributeClass?.Name));

    /// <summary>Whether ASP.NET Core calls the function, and therefore fills its parameters.</summary>
    static bool IsHandler(IOperation function, ISymbol containing, CancellationToken cancellationToken) => function switch
    {
        IAnonymousFunctionOperation lambda =>
            lambda.Ancestors().TakeWhile(static outer => outer is not IBlockOperation).OfType<IInvocationOperation>().Any(IsMapping),
        ILocalFunctionOperation local => local.Root().Descendants().OfType<IMethodReferenceOperation>().Any(reference =>
            SymbolEqualityComparer.Default.Equals(reference.Method, local.Symbol)
                && reference.Ancestors().OfType<IInvocationOperation>().Any(IsMapping)),
        _ => IsAction(containing) || IsMapped(function, containing.Name, cancellationToken),
    };

    static bool IsMapping(IInvocationOperation call) =>
        call.TargetMethod.Name.StartsWith("Map", StringComparison.Ordinal)
            && call.TargetMethod.ContainingType.Name == "EndpointRouteBuilderExtensions";

    static bool IsAction(ISymbol method)
    {
        for (var type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (Has(type, ["ApiControllerAttribute"]))
                return true;
        }

        return false;
    }

    /// <summary>Whether a method is named in a call like <c>app.MapPost("/jobs", Handle)</c>, in the same file.</summary>
    static bool IsMapped(IOperation function, string method, CancellationToken cancellationToken) =>
        function.Syntax.SyntaxTree.GetRoot(cancellationToken)
        .DescendantNodes()
        .OfType<ArgumentSyntax>()
        .Any(argument => NameOf(argument.Expression) == method
            && argument.Parent?.Parent is InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var called }
            }
            && called.StartsWith("Map", StringComparison.Ordinal));

    static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>
    /// Whether a parameter of this type is read from the body without an attribute: it is data, and neither a simple type nor a service.
    /// </summary>
    static bool IsBodyByType(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { ElementType: var element })
            return element.SpecialType == SpecialType.System_Byte || IsBodyByType(element);

        if (type.SpecialType != SpecialType.None
            || type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } named)
            return false;

        if (Forms.Contains(named.Name) || Documents.Contains(named.Name))
            return true;

        var space = named.ContainingNamespace?.ToDisplayString() ?? "";
        if (space == "System.Collections.Generic" && named.Name is "List" or "Dictionary")
            return true;

        return named is { TypeKind: not TypeKind.Interface, IsAbstract: false } && space != "System"
            && !space.StartsWith("System.", StringComparison.Ordinal)
            && !space.StartsWith("Microsoft.", StringComparison.Ordinal) && !named.IsOurs() && !BindsItself(named) && IsData(named);
    }

    static bool BindsItself(INamedTypeSymbol type) =>
        type.GetMembers("TryParse").Any(static member => member.IsStatic)
            || type.GetMembers("BindAsync").Any(static member => member.IsStatic);

    static bool IsData(INamedTypeSymbol type) =>
        type.IsRecord
        || (!Services.Any(end => type.Name.EndsWith(end, StringComparison.Ordinal))
            && !type.AllInterfaces.Any(static implemented => implemented.Name == "IDisposable")
            && type.InstanceConstructors.Any(static constructor =>
                constructor is { Parameters.Length: 0, DeclaredAccessibility: Accessibility.Public })
            && type.GetMembers().OfType<IPropertySymbol>()
                .Any(static property => property is { IsStatic: false, SetMethod.DeclaredAccessibility: Accessibility.Public }));
}
