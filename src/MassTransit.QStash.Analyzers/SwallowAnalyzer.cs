using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace MassTransit.QStash.Analyzers;

/// <summary>QSTASH009: a send whose exception is caught and dropped, or whose task nobody looks at (AP3, S3, V7).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SwallowAnalyzer : QStashAnalyzer
{
    static readonly string[] Senders =
    [
        "MassTransit.IPublishEndpoint", "MassTransit.ISendEndpoint", "MassTransit.ISendEndpointProvider", "MassTransit.IMessageScheduler", "MassTransit.ConsumeContext",
        "QStash.Client.IQStashClient",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SwallowedFailure];

    /// <inheritdoc/>
    protected override void Register(AnalysisContext context)
    {
        context.RegisterOperationAction(AnalyzeTry, OperationKind.Try);
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
    }

    static void AnalyzeTry(OperationAnalysisContext context)
    {
        var attempt = (ITryOperation)context.Operation;
        var sends = Sends(attempt.Body).ToList();
        if (sends.Count == 0)
            return;

        foreach (var handler in attempt.Catches.Where(static handler => handler.Filter is null && CatchesFailures(handler.ExceptionType) && DoesNothing(handler.Handler)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.SwallowedFailure, handler.Syntax.GetFirstToken().GetLocation(), sends[0].TargetMethod.Name, "let the exception through, or keep the message to send it later"));
        }
    }

    static void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!IsSend(call))
            return;

        var isDropped = call.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation };
        if (isDropped)
            context.ReportDiagnostic(Diagnostic.Create(Rules.SwallowedFailure, call.Syntax.GetLocation(), call.TargetMethod.Name, "await it"));
    }

    static IEnumerable<IInvocationOperation> Sends(IOperation body) => body.OwnDescendants().OfType<IInvocationOperation>().Where(IsSend);

    static bool IsSend(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (!IsSendName(method.Name) || !IsTask(method.ReturnType))
            return false;

        // Extension methods have the sender as their first argument.
        var sender = method.IsExtensionMethod ? (method.ReducedFrom ?? method).Parameters[0].Type : method.ContainingType;
        return Senders.Any(known => sender.IsOrImplements(known));
    }

    static bool IsSendName(string name) =>
        name is "Publish" or "PublishBatch" or "Send" or "SendBatch" or "Forward" or "RespondAsync" or "PublishAsync" or "BatchAsync"
        || name.StartsWith("Schedule", System.StringComparison.Ordinal);

    static bool IsTask(ITypeSymbol type) => type is { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" };

    static bool CatchesFailures(ITypeSymbol? type) => type is null || type.SpecialType == SpecialType.System_Object || type.Is("System.Exception") || type.InheritsFrom(Names.ClientException);

    /// <summary>Nothing at all, or nothing but leaving.</summary>
    static bool DoesNothing(IBlockOperation handler) =>
        handler.Operations.All(static statement => statement is IReturnOperation { ReturnedValue: null or { ConstantValue.HasValue: true } } or IBranchOperation or IEmptyOperation);
}
