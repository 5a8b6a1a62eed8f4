using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH005: a function that verifies a signature after it has parsed the body, or verifies a body that it has serialized itself.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RawBodyAnalyzer : QStashAnalyzer
{
    const int Deepest = 4;

    /// <summary>Types whose methods parse the stream that they get.</summary>
    static readonly string[] Parsers =
    [
        "System.Text.Json.JsonSerializer", "System.Text.Json.JsonDocument", "System.Text.Json.Nodes.JsonNode", "System.Xml.XmlReader",
            "System.Xml.XmlDocument",
        "System.Xml.Linq.XDocument", "System.Xml.Linq.XElement", "System.Xml.Serialization.XmlSerializer",
    ];

    static readonly string[] Serializing = ["Serialize", "SerializeToUtf8Bytes", "SerializeAsync", "SerializeObject", "ToJsonString",
        "GetRawText"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.BodyBeforeVerification];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context) =>
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);

    static void Analyze(OperationAnalysisContext context)
    {
        var verify = (IInvocationOperation)context.Operation;
        if (verify.TargetMethod.Name is not ("Verify" or "VerifyHash" or "VerifyBody")
            || !verify.TargetMethod.ContainingType.Is(Names.Verifier))
            return;

        var function = verify.Function();
        foreach (var parameter in BodyParameters.Of(function, context.ContainingSymbol, context.CancellationToken))
            context.ReportDiagnostic(Diagnostic.Create(Rules.BodyBeforeVerification, parameter.Locations[0],
                $"The framework parses the body into '{parameter.Name}'"));

        var operations = function.OwnDescendants().ToList();
        if (!operations.Any(static operation => Rewinds(operation)))
        {
            foreach (var operation in operations.Where(operation => operation.Syntax.SpanStart < verify.Syntax.Span.End))
            {
                if (Reading(operation) is { } how)
                    context.ReportDiagnostic(Diagnostic.Create(Rules.BodyBeforeVerification, operation.Syntax.GetLocation(), how));
            }
        }

        if ((verify.Argument("body") ?? verify.Argument("bodySha256")) is { Value: var body } && IsSerialized(body, 0))
            context.ReportDiagnostic(Diagnostic.Create(Rules.BodyBeforeVerification, body.Syntax.GetLocation(),
                "The body is serialized again"));
    }

    /// <summary>Whether the body can be read twice; then the received bytes may still be the ones that are verified.</summary>
    static bool Rewinds(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod.Name == "EnableBuffering",
        IAssignmentOperation { Target: IPropertyReferenceOperation { Property: { Name: "Body", ContainingType: var type } } } =>
            type.Is(Names.HttpRequest),
        _ => false,
    };

    static string? Reading(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "ReadFromJsonAsync", ContainingType: var type } }
            when type.Is("Microsoft.AspNetCore.Http.HttpRequestJsonExtensions") => "ReadFromJsonAsync parses the body",
        IInvocationOperation { TargetMethod: { Name: "ReadFormAsync", ContainingType: var type } } when type.Is(Names.HttpRequest)
            || type?.Name == "RequestFormReaderExtensions" =>
            "ReadFormAsync parses the body",
        IPropertyReferenceOperation { Property: { Name: "Form", ContainingType: var type } } when type.Is(Names.HttpRequest) =>
            "Form parses the body",
        IInvocationOperation { TargetMethod.ContainingType: var type } call when Parsers.Any(parser => type.Is(parser))
            && call.Arguments.Any(static argument => IsBody(argument.Value)) =>
            "The body is parsed",
        IObjectCreationOperation { Type: { } type } creation when type.InheritsFrom("System.IO.TextReader")
            && creation.Arguments.Any(static argument => IsBody(argument.Value)) =>
            $"A {type.Name} turns the body into text",
        _ => null,
    };

    /// <summary>Whether a value is the stream of the request, also in another stream.</summary>
    static bool IsBody(IOperation value, int depth = 0) => depth < Deepest && value.Origins().Any(origin => origin.Operation switch
    {
        IPropertyReferenceOperation { Property: { Name: "Body" or "BodyReader", ContainingType: var type } } => type.Is(Names.HttpRequest),
        IObjectCreationOperation creation =>
            creation.Type.InheritsFrom("System.IO.Stream") && creation.Arguments.Any(argument => IsBody(argument.Value, depth + 1)),
        IInvocationOperation { TargetMethod.Name: "AsStream" } call => call.Receiver() is { } reader && IsBody(reader, depth + 1),
        _ => false,
    });

    /// <summary>Whether a value is made by a serializer, also by way of variables.</summary>
    static bool IsSerialized(IOperation value, int depth) =>
        depth < Deepest && value.Origins().Any(origin => origin.Operation.DescendantsAndSelf().Any(operation => operation switch
    {
        IInvocationOperation call when Serializing.Contains(call.TargetMethod.Name) => true,
        ILocalReferenceOperation or IFieldReferenceOperation => operation != value && IsSerialized(operation, depth + 1),
        _ => false,
    }));
}
