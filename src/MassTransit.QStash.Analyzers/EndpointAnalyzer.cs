using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH008: a route for QStash whose handler calls nothing that could verify the signature. A route is for QStash if it reads QStash's
/// headers, or if it is used as the URL of a callback.
/// </summary>
/// <remarks>Nothing is reported if other code may verify: a filter, middleware, or code that the analyzer does not see.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EndpointAnalyzer : QStashAnalyzer
{
    const string HeaderPrefix = "Upstash-";

    /// <summary>The path after the host; the host may be unknown.</summary>
    static readonly Regex Address = new($@"^(?:https?://(?<host>[^/]*)|{Text.Hole})(?<path>/[^?#]*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    static readonly string[] Reads = ["TryGetValue", "ContainsKey", "GetValueOrDefault", "GetCommaSeparatedValues", "get_Item"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UnverifiedEndpoint];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterCompilationStartAction(static start =>
        {
            var suspects = new ConcurrentBag<Suspect>();
            var callbacks = new ConcurrentBag<string>();
            var verifiersElsewhere = new ConcurrentBag<IOperation>();
            start.RegisterOperationAction(
                analysis => Collect((IInvocationOperation)analysis.Operation, suspects, verifiersElsewhere, analysis.CancellationToken),
                    OperationKind.Invocation);
            start.RegisterOperationAction(
                analysis =>
                {
                    foreach (var path in CallbackPaths(analysis.Operation))
                        callbacks.Add(path);
                },
                OperationKind.SimpleAssignment, OperationKind.CoalesceAssignment, OperationKind.Invocation, OperationKind.ObjectCreation);
            start.RegisterCompilationEndAction(end =>
            {
                // Shared code that verifies may stand in front of every route.
                if (!verifiersElsewhere.IsEmpty)
                    return;

                foreach (var suspect in suspects.Where(suspect => suspect.ReadsHeaders || callbacks.Contains(suspect.Path)))
                    end.ReportDiagnostic(Diagnostic.Create(Rules.UnverifiedEndpoint, suspect.Location));
            });
        });
    }

    static void Collect(IInvocationOperation call, ConcurrentBag<Suspect> suspects, ConcurrentBag<IOperation> verifiersElsewhere,
        CancellationToken cancellationToken)
    {
        if (Guard.Verifies(call) && !call.Ancestors().OfType<IInvocationOperation>().Any(IsMapping))
            verifiersElsewhere.Add(call);

        if (!IsMapping(call) || Handler(call, cancellationToken) is not { } handler || Conventions.MayGuard(call)
            || handler.Any(operation => Guard.MayVerify(operation, cancellationToken)))
            return;

        var path = call.Argument("pattern")?.Value.ConstantText() is { } pattern ? Normalize(pattern) : "";
        suspects.Add(new Suspect(call.Syntax.GetLocation(), path, handler.Any(ReadsHeader)));
    }

    static bool IsMapping(IInvocationOperation call) =>
        call.TargetMethod.Name is "MapPost" or "MapPut" or "MapPatch" or "MapMethods" or "Map"
        && call.TargetMethod.ContainingType.Is("Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions");

    /// <summary>The operations of the handler: a lambda, or a method of the same project.</summary>
    static List<IOperation>? Handler(IInvocationOperation mapping, CancellationToken cancellationToken)
    {
        foreach (var operation in mapping.Arguments.SelectMany(static argument => argument.Value.DescendantsAndSelf()))
        {
            if (operation is IAnonymousFunctionOperation lambda)
                return [.. lambda.DescendantsAndSelf()];

            if (operation is IMethodReferenceOperation { Method: var method })
                return method.Bodies(operation, cancellationToken).SelectMany(static body => body.DescendantsAndSelf())
                    .ToList() is { Count: > 0 } all ? all : null;
        }

        return null;
    }

    /// <summary>Whether a header of QStash is read from the request. One that is written, or named in a log, is not.</summary>
    static bool ReadsHeader(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property.IsIndexer: true } headers =>
            IsRequestHeaders(headers.Instance) && headers.Arguments.Any(NamesHeader)
            && !(headers.Parent is IAssignmentOperation assignment && assignment.Target == headers),
        IInvocationOperation call when Reads.Contains(call.TargetMethod.Name) =>
            IsRequestHeaders(call.Receiver()) && call.Arguments.Any(NamesHeader),
        IAnonymousFunctionOperation lambda => lambda.Symbol.Parameters.Any(BindsHeader),
        IMethodBodyOperation body =>
            body.SemanticModel?.GetDeclaredSymbol(body.Syntax) is IMethodSymbol method && method.Parameters.Any(BindsHeader),
        _ => false,
    };

    static bool IsRequestHeaders(IOperation? headers) =>
        headers is not null && headers.Unwrap().Type?.Name is "IHeaderDictionary" or "HeaderDictionary" or "IDictionary"
        && !headers!.Origins()
            .Any(static origin => origin.Operation is IPropertyReferenceOperation { Property.ContainingType.Name: "HttpResponse" });

    static bool NamesHeader(IArgumentOperation argument) =>
        argument.Value.ConstantText()?.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) is true;

    static bool BindsHeader(IParameterSymbol parameter) =>
        parameter.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "FromHeaderAttribute"
        && attribute.NamedArguments.Any(static argument =>
            argument.Value.Value is string name && name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)));

    static IEnumerable<string> CallbackPaths(IOperation operation) => Setting.In(operation)
        .Where(static setting => setting.Role == Role.Callback)
        .SelectMany(static setting => setting.Value.PossibleTexts())
        .Select(static text => Address.Match(text.Value))
        .Where(static match => match.Success && !PublicHost.IsMadeUp(match.Groups["host"].Value.Split(':')[0]))
        .Select(static match => Normalize(match.Groups["path"].Value));

    static string Normalize(string path) => path.Trim('/').ToLowerInvariant();

    readonly struct Suspect(Location location, string path, bool readsHeaders)
    {
        public Location Location { get; } = location;

        public string Path { get; } = path;

        public bool ReadsHeaders { get; } = readsHeaders;
    }
}
