using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>QSTASH006: one signing key instead of two: the same key twice, an empty key, or only one of them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SigningKeysAnalyzer : QStashAnalyzer
{
    /// <summary>Calls that look a value up and return the same value each time.</summary>
    static readonly string[] LookUps = ["GetEnvironmentVariable", "GetValue", "GetSection", "GetRequiredSection", "GetConnectionString",
        "get_Item"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.OneSigningKey];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzePair, OperationKind.Invocation, OperationKind.ObjectCreation);
        context.RegisterOperationAction(AnalyzeAssignment, OperationKind.SimpleAssignment, OperationKind.CoalesceAssignment);
    }

    static void AnalyzePair(OperationAnalysisContext context)
    {
        var keys = Setting.In(context.Operation).Where(static setting => setting.Role is Role.CurrentKey or Role.NextKey)
            .Select(static setting => setting.Value).ToList();
        if (keys.FirstOrDefault(IsEmpty) is { } empty)
            Report(context, empty, "One of the two signing keys is empty");
        else if (keys.Count == 2 && IsSame(keys[0], keys[1]))
            Report(context, keys[1], "Both signing keys are the same");
    }

    /// <summary>Finds options with only one key. In other code the second key may come from the environment, but not for a pair.</summary>
    static void AnalyzeAssignment(OperationAnalysisContext context)
    {
        foreach (var type in new[] { Names.TransportOptions, Names.Settings })
        {
            if (!context.Operation.IsAssignmentTo(type, static name =>
                name is "CurrentSigningKey" or "NextSigningKey", out var name, out _))
                continue;

            var other = name == "NextSigningKey" ? "CurrentSigningKey" : "NextSigningKey";
            if (!context.Operation.Function().OwnDescendants()
                .Any(operation => operation.IsAssignmentTo(type, assigned => assigned == other, out _, out _)))
                Report(context, context.Operation, $"{name} is set without {other}");
        }
    }

    static bool IsEmpty(IOperation key) => key.Origins() is { Count: > 0 } origins && origins.All(static origin => origin.Operation switch
    {
        { ConstantValue: { HasValue: true, Value: null } } => true,
        { ConstantValue: { HasValue: true, Value: string text } } => text.Trim().Length == 0,
        IFieldReferenceOperation { Field: { Name: "Empty", ContainingType.SpecialType: SpecialType.System_String } } => true,
        _ => false,
    });

    // Equal constants are either made up or reported as QSTASH002.
    static bool IsSame(IOperation current, IOperation next) =>
        current.Origins().OnlyOne() is { } one && next.Origins().OnlyOne() is { } other
        && !one.ConstantValue.HasValue && IsRepeatable(one) && SyntaxFactory.AreEquivalent(one.Syntax, other.Syntax);

    /// <summary>Whether an expression has the same value when it is evaluated again. A method may return another key.</summary>
    static bool IsRepeatable(IOperation key) => key.DescendantsAndSelf().All(static operation => operation switch
    {
        IInvocationOperation call => LookUps.Contains(call.TargetMethod.Name),
        IObjectCreationOperation or IIncrementOrDecrementOperation or IAssignmentOperation or IAwaitOperation
            or IDynamicInvocationOperation => false,
        _ => true,
    });

    static void Report(OperationAnalysisContext context, IOperation where, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.OneSigningKey, where.Unwrap().Syntax.GetLocation(), what));
}
