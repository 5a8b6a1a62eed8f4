using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>
/// QSTASH008: a route that is for QStash, because it reads QStash's headers or is named as a callback, and whose handler
/// verifies nothing (AP1, S1, V1, V9).
/// </summary>
/// <remarks>Says nothing where something else may verify: a filter, middleware, a method of the application's own.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EndpointAnalyzer : QStashAnalyzer
{
    const string HeaderPrefix = "Upstash-";

    static readonly string[] Guards = ["Verif", "Valid", "Signature", "Authori", "Filter"];

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
            start.RegisterOperationAction(analysis => Collect((IInvocationOperation)analysis.Operation, suspects, verifiersElsewhere), OperationKind.Invocation);
            start.RegisterOperationAction(
                analysis =>
                {
                    if (CallbackPath(analysis.Operation) is { } path)
                        callbacks.Add(path);
                },
                OperationKind.SimpleAssignment, OperationKind.ObjectCreation);
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

    static void Collect(IInvocationOperation call, ConcurrentBag<Suspect> suspects, ConcurrentBag<IOperation> verifiersElsewhere)
    {
        if (call.TargetMethod.Name is "Verify" or "VerifyHash" or "VerifyToken" && call.TargetMethod.ContainingType.Is(Names.Verifier) && !IsInHandler(call))
            verifiersElsewhere.Add(call);

        if (!IsMapping(call) || Handler(call) is not { } handler || IsGuarded(call) || handler.Descendants().Any(MayVerify))
            return;

        var path = call.Argument("pattern")?.Value.ConstantText() is { } pattern ? Normalize(pattern) : "";
        suspects.Add(new Suspect(call.Syntax.GetLocation(), path, handler.Descendants().Any(IsHeader)));
    }

    static bool IsMapping(IInvocationOperation call) =>
        call.TargetMethod.Name is "MapPost" or "MapPut" or "MapPatch" or "MapMethods" or "Map"
        && call.TargetMethod.ContainingType.Is("Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions");

    static IAnonymousFunctionOperation? Handler(IInvocationOperation mapping) =>
        mapping.Arguments.SelectMany(static argument => argument.Value.DescendantsAndSelf()).OfType<IAnonymousFunctionOperation>().FirstOrDefault();

    static bool IsInHandler(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IInvocationOperation call && IsMapping(call))
                return true;
        }

        return false;
    }

    /// <summary>Whether conventions are added to the route; a group may have some that are not seen here.</summary>
    static bool IsGuarded(IInvocationOperation mapping)
    {
        if (mapping.Argument("endpoints")?.Value.Unwrap().Type.Is("Microsoft.AspNetCore.Routing.RouteGroupBuilder") is true)
            return true;

        for (var parent = mapping.Parent; parent is not null and not IBlockOperation; parent = parent.Parent)
        {
            if (parent is IInvocationOperation call && IsGuard(call.TargetMethod.Name))
                return true;
        }

        return false;
    }

    static bool MayVerify(IOperation operation) => operation is IInvocationOperation call && IsGuard(call.TargetMethod.Name);

    static bool IsGuard(string method) => Guards.Any(guard => method.IndexOf(guard, StringComparison.OrdinalIgnoreCase) >= 0);

    static bool IsHeader(IOperation operation) => operation.ConstantText()?.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) is true;

    static string? CallbackPath(IOperation operation) =>
        CallbackUrl(operation)?.Unwrap() is { } url
        && Uri.TryCreate((url is IObjectCreationOperation { Arguments: { Length: > 0 } arguments } ? arguments[0].Value : url).ConstantText(), UriKind.Absolute, out var uri)
        && !PublicHost.IsMadeUp(uri)
            ? Normalize(uri.AbsolutePath)
            : null;

    /// <summary>What is given as the URL of a callback: a text, or a <c>new Uri(…)</c>.</summary>
    static IOperation? CallbackUrl(IOperation operation)
    {
        if (operation is IObjectCreationOperation { Arguments: { Length: > 0 } arguments } creation)
            return creation.Type.Is(Names.CallbackSettings) ? arguments[0].Value : null;

        return operation.IsAssignmentTo(Names.CallbackSettings, static name => name is "Url", out _, out var value) ? value : null;
    }

    static string Normalize(string path) => path.Trim('/').ToLowerInvariant();

    readonly struct Suspect(Location location, string path, bool readsHeaders)
    {
        public Location Location { get; } = location;

        public string Path { get; } = path;

        public bool ReadsHeaders { get; } = readsHeaders;
    }
}
