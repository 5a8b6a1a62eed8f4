using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH005: a function that verifies, but has parsed the body before, or verifies what it has serialized itself (V8).
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RawBodyAnalyzer : QStashAnalyzer
{
    const string Request = "Microsoft.AspNetCore.Http.HttpRequest";
    const string Serializer = "System.Text.Json.JsonSerializer";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.BodyBeforeVerification];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context) =>
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);

    static void Analyze(OperationAnalysisContext context)
    {
        var verify = (IInvocationOperation)context.Operation;
        if (verify.TargetMethod.Name is not ("Verify" or "VerifyHash" or "VerifyBody") || !verify.TargetMethod.ContainingType.Is(Names.Verifier))
            return;

        var function = verify.Function();
        foreach (var parameter in Parameters(function, context.ContainingSymbol))
        {
            if (parameter.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "FromBodyAttribute"))
                context.ReportDiagnostic(Diagnostic.Create(Rules.BodyBeforeVerification, parameter.Locations[0], $"The framework parses the body into '{parameter.Name}'"));
        }

        foreach (var operation in function.OwnDescendants())
        {
            if (operation.Syntax.SpanStart < verify.Syntax.SpanStart && Reading(operation) is { } how)
                context.ReportDiagnostic(Diagnostic.Create(Rules.BodyBeforeVerification, operation.Syntax.GetLocation(), how));
        }

        if ((verify.Argument("body") ?? verify.Argument("bodySha256")) is { Value: var body } && IsSerialized(body, function, []))
            context.ReportDiagnostic(Diagnostic.Create(Rules.BodyBeforeVerification, body.Syntax.GetLocation(), "The body is serialized anew"));
    }

    static ImmutableArray<IParameterSymbol> Parameters(IOperation function, ISymbol containing) => function switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol.Parameters,
        ILocalFunctionOperation local => local.Symbol.Parameters,
        _ => containing is IMethodSymbol method ? method.Parameters : [],
    };

    static string? Reading(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "ReadFromJsonAsync", ContainingType: var type } } when type.Is("Microsoft.AspNetCore.Http.HttpRequestJsonExtensions") =>
            "ReadFromJsonAsync parses the body",
        IInvocationOperation { TargetMethod: { Name: "ReadFormAsync", ContainingType: var type } } when type.Is(Request) => "ReadFormAsync parses the body",
        IPropertyReferenceOperation { Property: { Name: "Form", ContainingType: var type } } when type.Is(Request) => "Form parses the body",
        IInvocationOperation { TargetMethod: { Name: "Deserialize" or "DeserializeAsync", ContainingType: var type } } call when type.Is(Serializer) && call.Arguments.Any(TakesBody) =>
            "The body is parsed",
        IObjectCreationOperation creation when creation.Type.Is("System.IO.StreamReader") && creation.Arguments.Any(TakesBody) => "A StreamReader turns the body into text",
        _ => null,
    };

    static bool TakesBody(IArgumentOperation argument) =>
        argument.Value.Unwrap() is IPropertyReferenceOperation { Property: { Name: "Body" or "BodyReader", ContainingType: var type } } && type.Is(Request);

    /// <summary>Whether a value is made by the serializer, also through local variables.</summary>
    static bool IsSerialized(IOperation value, IOperation function, HashSet<ISymbol> seen) => value.DescendantsAndSelf().Any(operation => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "Serialize" or "SerializeToUtf8Bytes", ContainingType: var type } } => type.Is(Serializer),
        ILocalReferenceOperation { Local: var local } => seen.Add(local) && Initializer(local, function) is { } initializer && IsSerialized(initializer, function, seen),
        _ => false,
    });

    static IOperation? Initializer(ILocalSymbol local, IOperation function) => function.OwnDescendants()
        .OfType<IVariableDeclaratorOperation>()
        .FirstOrDefault(declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local))?.GetVariableInitializer()?.Value;
}
