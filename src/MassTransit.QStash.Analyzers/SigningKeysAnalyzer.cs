using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>QSTASH006: one key in place of two, given twice, empty, or alone (V2).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SigningKeysAnalyzer : QStashAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.OneSigningKey];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeCreation, OperationKind.ObjectCreation);
        context.RegisterOperationAction(AnalyzeAssignment, OperationKind.SimpleAssignment);
    }

    static void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name is "SigningKeys" or "RegionSigningKeys" && call.TargetMethod.ContainingType.Is(Names.HostConfigurator))
            AnalyzePair(context, call.Arguments);
    }

    static void AnalyzeCreation(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation.Type.Is(Names.KeyPair))
            AnalyzePair(context, creation.Arguments);
    }

    static void AnalyzePair(OperationAnalysisContext context, IEnumerable<IArgumentOperation> arguments)
    {
        var keys = arguments.Where(argument => argument.Parameter?.Name is "currentKey" or "nextKey" or "current" or "next").Select(argument => argument.Value.Unwrap()).ToList();
        if (keys.FirstOrDefault(IsEmpty) is { } empty)
            Report(context, empty, "One of the two signing keys is empty");
        else if (keys.Count == 2 && IsSame(keys[0], keys[1]))
            Report(context, keys[1], "Both signing keys are the same");
    }

    /// <summary>Options that are given one key only. Elsewhere, the other may come from the environment, but not the other half of a pair.</summary>
    static void AnalyzeAssignment(OperationAnalysisContext context)
    {
        foreach (var type in new[] { Names.TransportOptions, Names.Settings })
        {
            if (!context.Operation.IsAssignmentTo(type, static name => name is "CurrentSigningKey" or "NextSigningKey", out var name, out _))
                continue;

            var other = name == "NextSigningKey" ? "CurrentSigningKey" : "NextSigningKey";
            if (!context.Operation.Function().OwnDescendants().Any(operation => operation.IsAssignmentTo(type, assigned => assigned == other, out _, out _)))
                Report(context, context.Operation, $"{name} is set without {other}");
        }
    }

    static bool IsEmpty(IOperation key) => key.ConstantValue is { HasValue: true, Value: var value } && (value is null || (value is string text && text.Trim().Length == 0));

    // Equal constants are made up, or QSTASH002.
    static bool IsSame(IOperation current, IOperation next) =>
        !current.ConstantValue.HasValue && SyntaxFactory.AreEquivalent(current.Syntax, next.Syntax);

    static void Report(OperationAnalysisContext context, IOperation where, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.OneSigningKey, where.Syntax.GetLocation(), what));
}
